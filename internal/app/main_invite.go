package app

import (
	"context"
	"encoding/json"
	"time"

	"github.com/sekisho/sekisho/internal/gate/operators"
)

// printedLink is a one-time link on its way to the terminal of the host.
type printedLink struct {
	URL   string `json:"url"`
	Until string `json:"until"`
}

func printable(i operators.Invitation, err error) (any, error) {
	return printedLink{URL: i.URL, Until: i.Until.Format(time.RFC3339)}, err
}

// inviteAct is the host's act that lets a person in whom nobody in the console
// can: the only administrator who lost his passkey, for one. Whoever may open
// the host's door may read the keys beside it; the log says that it was used.
func (s *Server) inviteAct(ctx context.Context, in json.RawMessage) (any, error) {
	var login string
	if err := json.Unmarshal(in, &login); err != nil {
		return nil, err
	}
	return printable(s.people.InviteLogin(ctx, login, s.settings.Console.Origin))
}

type adminInviteCmd struct {
	Login string `arg:"" help:"The login of the person."`
}

// Run asks the running server for the link.
func (c adminInviteCmd) Run(ctx context.Context, sh *shell) error {
	set, err := sh.settings()
	if err != nil {
		return err
	}
	var a printedLink
	if err := askHost(ctx, set.Data, "/invite", c.Login, &a); err != nil {
		return err
	}
	sh.say("%s", a.URL)
	sh.say("%s まで一度だけ使えます。本人に直接渡してください。開いた人が、この人としてログインできるようになります。", a.Until)
	sh.say("Works once, until %s. Give it to nobody but this person: whoever opens it can sign in as them.", a.Until)
	return nil
}
