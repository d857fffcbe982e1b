package app

import (
	"context"
	"encoding/json"
)

// appointAct is the host's act for a centre with nobody left who could confirm:
// it makes a person administrator, suspended or not. Whoever may open the host's
// door may read the keys beside it; the log says that it was used.
func (s *Server) appointAct(ctx context.Context, in json.RawMessage) (any, error) {
	var login string
	if err := json.Unmarshal(in, &login); err != nil {
		return nil, err
	}
	return struct{}{}, s.people.Appoint(ctx, login)
}

type adminAppointCmd struct {
	Login string `arg:"" help:"The login of the person."`
}

// Run asks the running server to appoint.
func (c adminAppointCmd) Run(ctx context.Context, sh *shell) error {
	set, err := sh.settings()
	if err != nil {
		return err
	}
	var done struct{}
	if err := askHost(ctx, set.Data, "/appoint", c.Login, &done); err != nil {
		return err
	}
	sh.say("%s を管理者にしました。パスキーがないときは sekisho admin invite %s を実行してください。", c.Login, c.Login)
	sh.say("%s is an administrator now. Without a passkey, run `sekisho admin invite %s`.", c.Login, c.Login)
	return nil
}
