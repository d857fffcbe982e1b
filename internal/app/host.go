package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// The host's door is a Unix socket in the data folder, mode 0600: whoever may
// open it may read the keys beside it anyway. Commands that change something
// go through it, so that one process alone writes the log.

func hostSocket(data string) string { return filepath.Join(data, "host.sock") }

// hostAct is one act of the host's door: JSON in, JSON out.
type hostAct func(ctx context.Context, in json.RawMessage) (any, error)

// serveHost answers acts until ctx ends.
func serveHost(ctx context.Context, data string, acts map[string]hostAct) (stop func(), err error) {
	path := hostSocket(data)
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("app: host's door: %w", err)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("app: host's door: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("app: host's door: %w", err), l.Close())
	}
	srv := &http.Server{ReadTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		act, ok := acts[r.URL.Path]
		if !ok || r.Method != http.MethodPost {
			http.NotFound(w, r)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err == nil {
			var out any
			if out, err = act(r.Context(), body); err == nil {
				_ = json.NewEncoder(w).Encode(out) // the command is gone if this fails
				return
			}
		}
		wire.WriteProblem(w, r, err)
	})}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }() // ends by Close
	return func() { _ = srv.Close(); <-done }, nil
}

// askHost calls an act of the running server.
func askHost(ctx context.Context, data, act string, in, out any) error {
	c := &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", hostSocket(data))
		},
	}}
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://host"+act, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Accept-Language", terminalLanguage())
	res, err := c.Do(r)
	if err != nil {
		return errNotRunning.Because(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		var p wire.Problem
		if err := json.NewDecoder(res.Body).Decode(&p); err != nil {
			return fmt.Errorf("app: %s: %s", act, res.Status)
		}
		return &hostProblem{p}
	}
	return json.NewDecoder(res.Body).Decode(out)
}

// terminalLanguage is the language of messages on a terminal, by POSIX's variables.
func terminalLanguage() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); len(v) >= 2 && v[:2] == "ja" {
			return "ja"
		} else if v != "" && v != "C" && v != "POSIX" {
			return "en"
		}
	}
	return "en"
}
