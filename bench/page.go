package bench

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/sekisho/sekisho/test/browser"
	"github.com/sekisho/sekisho/test/centre"
)

//go:embed page.js
var pageScript string

// reporting is a page at the agent's own origin in a real Chromium that reports
// an invented face's features instead of measuring a camera. What the desk's
// own page costs is measured elsewhere; with this one a session takes a second.
type reporting struct {
	*browser.Page
	browser *browser.Browser
	centre  *centre.Centre
	pc      *centre.PC
}

func openReporting(ctx context.Context, c *centre.Centre, pc *centre.PC) (r *reporting, err error) {
	r = &reporting{centre: c, pc: pc}
	if r.browser, err = browser.Launch(ctx, browser.Options{}); err != nil {
		return nil, err
	}
	if r.Page, err = r.browser.Open(ctx, "about:blank"); err != nil {
		r.browser.Close()
		return nil, err
	}
	// The desk's own scripts stay out; its origin is what is wanted.
	err = r.Call(ctx, "Network.enable", nil, nil)
	if err == nil {
		err = r.Call(ctx, "Network.setBlockedURLs", map[string]any{"urls": []string{"*/assets/*"}}, nil)
	}
	if err != nil {
		r.browser.Close()
		return nil, err
	}
	return r, nil
}

func (r *reporting) close() { r.browser.Close() }

// begin opens the page of a running agent by its one-use ticket and connects.
func (r *reporting) begin(ctx context.Context, url string) error {
	_, rest, ok := strings.Cut(url, "#ticket=")
	if !ok {
		return fmt.Errorf("bench: no ticket in the page's address")
	}
	ticket, _, _ := strings.Cut(rest, "&")
	if err := r.Goto(ctx, "about:blank"); err != nil {
		return err
	}
	if err := r.Goto(ctx, strings.SplitN(url, "#", 2)[0]); err != nil {
		return err
	}
	if err := r.Eval(ctx, pageScript, nil); err != nil {
		return err
	}
	return r.run(ctx, fmt.Sprintf("__page.begin(%q).then(() => __page.connect())", ticket), nil)
}

// enrol consents and enrols the invented face; the supervisor is its witness.
func (r *reporting) enrol(ctx context.Context) error {
	var asked struct{ ID, Code string }
	if err := r.run(ctx, "__page.consent()", &asked); err != nil {
		return err
	}
	sv, err := r.centre.As(ctx, "supervisor")
	if err != nil {
		return err
	}
	if err := sv.Post(ctx, "approvals/"+asked.ID+"/decide", map[string]any{"approve": true, "code": asked.Code}, nil); err != nil {
		return err
	}
	return r.run(ctx, fmt.Sprintf("__page.enrolFace(%q)", asked.ID), nil)
}

// run evaluates and adds what the agent said last to an error.
func (r *reporting) run(ctx context.Context, expression string, out any) error {
	if err := r.Eval(ctx, expression, out); err != nil {
		return fmt.Errorf("%w\nagent: %s", err, r.pc.Agent.Tail())
	}
	return nil
}
