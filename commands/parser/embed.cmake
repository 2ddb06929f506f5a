# Writes FILE as a C++ string constant NAME into OUT: cmake -DFILE=… -DNAME=… -DOUT=… -P embed.cmake
# MSVC-sized literals are no concern here, but the delimiter must not occur in the file.
file(READ "${FILE}" text)
file(WRITE "${OUT}" "#include <string_view>\n\nextern const std::string_view ${NAME};\nconst std::string_view ${NAME} = R\"embedded(${text})embedded\";\n")
