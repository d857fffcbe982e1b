// Command provider is an OpenID provider for tests: zitadel/oidc with its own
// example of a store, one client and one invented user. It prints its issuer and
// ends when its standard input does.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "provider CLIENT SECRET REDIRECT")
		os.Exit(2)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	issuer := "http://" + l.Addr().String()
	storage.RegisterClients(storage.WebClient(os.Args[1], os.Args[2], os.Args[3]))
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	handler := exampleop.SetupServer(issuer, storage.NewStorage(storage.NewUserStore(issuer)), quiet, false)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // whoever started it is gone
		os.Exit(0)
	}()
	_ = json.NewEncoder(os.Stdout).Encode(map[string]string{"issuer": issuer})
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	fmt.Fprintln(os.Stderr, srv.Serve(l))
	os.Exit(1)
}
