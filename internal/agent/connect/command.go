package connect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/localdoor"
	"github.com/sekisho/sekisho/internal/wire"
)

// What the command line asks of the running agent.

// ticketer makes page addresses.
type ticketer struct {
	ticket func(language string) string
}

// asked are the agent's control sockets. They are open before there is an
// agent, so that a second one on the same folder ends before it touches anything.
type asked struct {
	agent   atomic.Pointer[Agent]
	sockets []*localdoor.Control
}

// another says that the desk's user is not the account that the agent runs as.
func another(user int) bool { return user >= 0 && user != os.Geteuid() }

// openAsked opens the socket of the state folder and, for a user who cannot
// enter that, another one that he can reach.
func openAsked(dir string, user int) (*asked, error) {
	s := &asked{}
	own, err := localdoor.OpenControl(dir, s.answer)
	if err != nil {
		return nil, err
	}
	s.sockets = append(s.sockets, own)
	if !another(user) {
		return s, nil
	}
	his, err := localdoor.OpenControlFor(user, localdoor.ServiceDir(), s.answer)
	if err != nil {
		s.close()
		return nil, err
	}
	s.sockets = append(s.sockets, his)
	return s, nil
}

func (s *asked) close() {
	for _, c := range s.sockets {
		_ = c.Close() // the listener is gone either way
	}
}

func (s *asked) answer(o localdoor.Order) localdoor.Reply {
	if a := s.agent.Load(); a != nil {
		return a.answer(o)
	}
	return localdoor.Reply{Problem: problemIn(errEarly, o.Language)}
}

// answer is the agent's side of the control socket.
func (a *Agent) answer(o localdoor.Order) localdoor.Reply {
	switch o.Do {
	case "status":
		s := a.Status(o.Language)
		return localdoor.Reply{Status: &s}
	case "open":
		if t := a.ticket.Load(); t != nil {
			return localdoor.Reply{URL: t.ticket(o.Language)}
		}
	}
	return localdoor.Reply{Problem: problemIn(errEarly, o.Language)}
}

func problemIn(err error, language string) *wire.Problem {
	p := wire.ProblemOf(err, language)
	return &p
}

// askAgent asks the agent of a state folder: over the folder's own socket, or,
// where the folder is closed to us, over the one that a service opens for its user.
func askAgent(ctx context.Context, dir string, o localdoor.Order) (localdoor.Reply, error) {
	if _, err := os.Stat(filepath.Join(dir, settingsFile)); errors.Is(err, fs.ErrPermission) && localdoor.ServiceDir() != "" {
		return localdoor.Ask(ctx, localdoor.ServiceDir(), o)
	}
	return localdoor.Ask(ctx, dir, o)
}

// Open asks the running agent for a page address and opens it in a browser, or
// prints it.
func Open(ctx context.Context, dir string, print bool, out io.Writer, language string) error {
	r, err := askAgent(ctx, dir, localdoor.Order{Do: "open", Language: pageLanguage(language)})
	if err != nil {
		return err
	}
	if r.Problem != nil {
		return sekisho.Fail(sekisho.KindConflict, r.Problem.Code)
	}
	if print {
		fmt.Fprintln(out, r.URL)
		return nil
	}
	settings, err := LoadSettings(dir)
	if errors.Is(err, fs.ErrPermission) { // a service's: its user takes the browser that is installed
		settings, err = defaults(), nil
	}
	if err != nil {
		return err
	}
	return localdoor.Browser{Program: settings.Browser}.Open(ctx, r.URL)
}

func pageLanguage(language string) string {
	if wire.English(language) {
		return "en"
	}
	return "ja"
}

// Status prints how the running agent stands.
func Status(ctx context.Context, dir string, out io.Writer, language string) error {
	r, err := askAgent(ctx, dir, localdoor.Order{Do: "status", Language: language})
	if err != nil {
		return err
	}
	if r.Status == nil {
		return sekisho.Fail(sekisho.KindBusy, "local.agent_absent")
	}
	s := r.Status
	fmt.Fprintf(out, "phase:       %s\nstate:       %s\nasset tag:   %s\nserver:      %s\ntier:        %s\nengine:      %s\nversion:     %s\n",
		s.Phase, s.State, s.AssetTag, s.Server, s.Tier, s.Engine, s.Version)
	if s.Fingerprint != "" {
		fmt.Fprintf(out, "fingerprint: %s\n", s.Fingerprint)
	}
	if s.Code != "" {
		fmt.Fprintf(out, "\n%s\n%s\n(%s)\n", s.Title, s.Action, s.Code)
	}
	return nil
}

// Explain prints an error as a person can use it: what is wrong, what to do,
// and for whoever helps him the code and the cause.
func Explain(out io.Writer, err error, language string) {
	p := wire.ProblemOf(err, language)
	fmt.Fprintf(out, "%s\n%s\n(%v)\n", p.Title, p.Action, err)
}

// Version is the version of this build.
func Version() string { return wire.Version }
