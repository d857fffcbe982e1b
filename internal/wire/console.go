package wire

// ConsolePrefix is where the console's routes live, at its own address and at the
// origin of an issued PC alike.
const ConsolePrefix = "/api/console/v1/"

// LocalConsole is a one-use ticket for the console's page on this PC.
type LocalConsole struct {
	Ticket string `json:"ticket"`
}
