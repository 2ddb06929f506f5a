#include "commands/matching/transport.h"

#include <algorithm>
#include <numeric>

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

std::vector<Flow> transport(std::span<const std::int64_t> supplies,
                            std::span<const std::int64_t> demands, std::span<const Way> ways) {
  using Graph = lemon::SmartDigraph;
  Graph graph;
  graph.reserveNode(static_cast<int>(supplies.size() + demands.size() + 1));
  graph.reserveArc(static_cast<int>(ways.size() + supplies.size() + demands.size()));
  std::vector<Graph::Node> from, to;
  for (std::size_t i = 0; i < supplies.size(); ++i) from.push_back(graph.addNode());
  for (std::size_t i = 0; i < demands.size(); ++i) to.push_back(graph.addNode());
  // What stays goes to a node that also gives what is missing, for nothing.
  const Graph::Node rest = graph.addNode();
  std::vector<Graph::Arc> arcs;
  for (const Way& way : ways) arcs.push_back(graph.addArc(from[way.supply], to[way.demand]));
  for (const auto node : from) graph.addArc(node, rest);
  for (const auto node : to) graph.addArc(rest, node);

  Graph::NodeMap<std::int64_t> surplus(graph, 0);
  for (std::size_t i = 0; i < supplies.size(); ++i) surplus[from[i]] = supplies[i];
  for (std::size_t i = 0; i < demands.size(); ++i) surplus[to[i]] = -demands[i];
  surplus[rest] = std::reduce(demands.begin(), demands.end(), std::int64_t{0}) -
                  std::reduce(supplies.begin(), supplies.end(), std::int64_t{0});
  Graph::ArcMap<std::int64_t> cost(graph, 0);
  for (std::size_t i = 0; i < ways.size(); ++i) cost[arcs[i]] = -ways[i].worth;

  lemon::NetworkSimplex<Graph, std::int64_t, std::int64_t> simplex(graph);
  simplex.supplyMap(surplus).costMap(cost).run();
  std::vector<Flow> flows;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const std::int64_t amount = simplex.flow(arcs[i]);
    if (amount > 0) flows.push_back({ways[i].supply, ways[i].demand, amount});
  }
  return flows;
}
