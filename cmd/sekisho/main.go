// Command sekisho is the gateway: server, audit tools and the officers' tools.
package main

import (
	"os"

	"github.com/sekisho/sekisho/internal/app"
)

func main() { os.Exit(app.Main(os.Args[1:])) }
