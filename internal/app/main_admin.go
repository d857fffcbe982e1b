package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

type adminCmd struct {
	Appoint    adminAppointCmd    `cmd:"" help:"Make a person administrator, where nobody is left who could confirm it."`
	OfficeRule adminOfficeRuleCmd `cmd:"" help:"Lift the rule that binds roles to an issued PC outside the office, where it let nobody in."`
	Invite     adminInviteCmd     `cmd:"" help:"Print a one-time link by which a person registers a passkey, where no second administrator can approve one."`
	Recover    adminRecoverCmd    `cmd:"" help:"After a restore: begin a new epoch of the log, signed by two roster roots."`
}

type adminRecoverCmd struct {
	Reason    string   `help:"First: write the statement that the roots will sign, with the reason in your words."`
	Out       string   `short:"o" type:"path" default:"epoch.json" help:"Where the statement is written."`
	Key       []string `type:"existingfile" help:"Then: roster roots' key files; their signatures open the epoch."`
	Statement string   `type:"existingfile" help:"The statement to sign."`
}

// Run proposes, or signs and opens.
func (c adminRecoverCmd) Run(ctx context.Context, sh *shell) error {
	set, err := sh.settings()
	if err != nil {
		return err
	}
	if c.Statement == "" {
		if c.Reason == "" {
			return errCommand.Because(errors.New("say why with --reason; or give --statement and two --key"))
		}
		var e checkpoint.Epoch
		if err := askHost(ctx, set.Data, "/recover/propose", c.Reason, &e); err != nil {
			return err
		}
		b, err := json.MarshalIndent(e, "", " ")
		if err != nil {
			return err
		}
		sh.say("%s\nwritten to %s: two roots sign it with `sekisho admin recover --statement %s --key A --key B`", b, c.Out, c.Out)
		return os.WriteFile(c.Out, b, 0o644)
	}
	b, err := os.ReadFile(c.Statement)
	if err != nil {
		return err
	}
	var e checkpoint.Epoch
	if err := json.Unmarshal(b, &e); err != nil {
		return fmt.Errorf("%s: %w", c.Statement, err)
	}
	var signatures []wire.Signed
	for _, file := range c.Key {
		k, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		key, err := sealing.ReadRootKey(k, passphrase())
		if err != nil {
			return err
		}
		signatures = append(signatures, wire.SignWith(key, checkpoint.DomainEpoch, e))
	}
	var opened bool
	if err := askHost(ctx, set.Data, "/recover/open", signatures, &opened); err != nil {
		return err
	}
	sh.say("a new epoch has begun; what was lost stays written in the log")
	return nil
}
