package wire

// ConsolePrefix is where the console's routes live, at its own address and at the
// origin of an issued PC alike.
const ConsolePrefix = "/api/console/v1/"
