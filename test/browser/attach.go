package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"time"
)

// Attach connects to a browser that somebody else started with
// --remote-debugging-port. Close then only hangs up.
func Attach(ctx context.Context, port int) (*Browser, error) {
	for {
		var version struct {
			URL string `json:"webSocketDebuggerUrl"`
		}
		if err := ask(ctx, fmt.Sprintf("http://127.0.0.1:%d/json/version", port), &version); err == nil && version.URL != "" {
			p, err := dial(ctx, version.URL)
			return &Browser{protocol: p, cmd: &exec.Cmd{}}, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("browser: attach: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func ask(ctx context.Context, url string, out any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(out)
}

// Window is the first page that the browser shows by itself.
func (b *Browser) Window(ctx context.Context) (*Page, error) {
	var list struct {
		Targets []struct {
			ID   string `json:"targetId"`
			Type string `json:"type"`
		} `json:"targetInfos"`
	}
	if err := b.call(ctx, "", "Target.getTargets", nil, &list); err != nil {
		return nil, err
	}
	for _, t := range list.Targets {
		if t.Type == "page" {
			return b.attach(ctx, t.ID)
		}
	}
	return nil, errors.New("browser: it shows no page")
}
