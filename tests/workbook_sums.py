"""Prints what another program reads in a workbook, as JSON: sums of each column of 汇总 by unit, the
rows of each sheet, and every formula found."""

import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
sums = {}
head, *rows = book["汇总"].values
for row in rows:
    line = sums.setdefault(row[1] or "", {})
    for name, value in zip(head[2:], row[2:]):
        line[name] = round(line.get(name, 0) + (value or 0), 3)
formulas = [cell.value for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
print(json.dumps({"sums": sums, "rows": {sheet.title: sheet.max_row - 1 for sheet in book}, "formulas": formulas}))
