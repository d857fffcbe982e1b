package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

type rosterCmd struct {
	Keygen  rosterKeygenCmd  `cmd:"" help:"Make a roster root's key, offline."`
	Draft   rosterDraftCmd   `cmd:"" help:"Write down who the officers are."`
	Sign    rosterSignCmd    `cmd:"" help:"Add one root's signature to a roster, offline."`
	Install rosterInstallCmd `cmd:"" help:"Put a signed roster in force on this host."`
	Show    rosterShowCmd    `cmd:"" help:"Show a roster and who signed it."`
}

type rosterKeygenCmd struct {
	Out string `arg:"" type:"path" help:"The key file to write."`
}

// Run makes a root's key and prints its public part.
func (c rosterKeygenCmd) Run(sh *shell) error {
	file, public, err := sealing.NewRootKey(passphrase())
	if err != nil {
		return err
	}
	if err := writeNew(c.Out, file); err != nil {
		return err
	}
	sh.say("%s", base64.RawURLEncoding.EncodeToString(public))
	return nil
}

type rosterDraftCmd struct {
	Officer []string `required:"" help:"NAME=PUBLICKEY, at least two."`
	Escrow  string   `help:"Public key of the share that is held offline."`
	Number  int      `name:"number" default:"1" help:"Version of the roster; each must be higher than the last."`
	Days    int      `default:"365" help:"Days until it expires."`
	Out     string   `short:"o" required:"" type:"path"`
}

// Run writes an unsigned roster.
func (c rosterDraftCmd) Run(sh *shell) error {
	now := sh.clock.Now().Truncate(time.Second)
	r := sealing.Roster{Version: c.Number, Issued: now, Expires: now.AddDate(0, 0, c.Days), Escrow: c.Escrow}
	for i, o := range c.Officer {
		name, key, ok := strings.Cut(o, "=")
		if !ok {
			return fmt.Errorf("officer %q must be NAME=PUBLICKEY", o)
		}
		r.Officers = append(r.Officers, sealing.Officer{ID: fmt.Sprintf("officer-%d", i+1), Name: name, Recipient: key})
	}
	draft, err := sealing.Draft(r)
	if err != nil {
		return err
	}
	b, err := draft.Marshal()
	if err != nil {
		return err
	}
	return os.WriteFile(c.Out, b, 0o644)
}

type rosterSignCmd struct {
	Roster string `arg:"" type:"existingfile"`
	Key    string `required:"" type:"existingfile" help:"The root's key file."`
}

// Run adds a signature in place.
func (c rosterSignCmd) Run(sh *shell) error {
	b, err := os.ReadFile(c.Roster)
	if err != nil {
		return err
	}
	signed, r, err := sealing.ParseSigned(b)
	if err != nil {
		return err
	}
	k, err := os.ReadFile(c.Key)
	if err != nil {
		return err
	}
	key, err := sealing.ReadRootKey(k, passphrase())
	if err != nil {
		return err
	}
	signed.Sign(key)
	if b, err = signed.Marshal(); err != nil {
		return err
	}
	sh.say("roster %d, %d officers: %d signatures", r.Version, len(r.Officers), len(signed.Signatures))
	return os.WriteFile(c.Roster, b, 0o644)
}

type rosterInstallCmd struct {
	Roster    string   `arg:"" type:"existingfile"`
	Root      []string `required:"" help:"The roots' public keys, as keygen printed them: all of them, in the same order each time."`
	Threshold int      `default:"2" help:"How many roots must sign."`
}

// Run hands the roster to the running server, which checks and audits it.
func (c rosterInstallCmd) Run(ctx context.Context, sh *shell) error {
	set, err := sh.settings()
	if err != nil {
		return err
	}
	b, err := os.ReadFile(c.Roster)
	if err != nil {
		return err
	}
	in := rosterInstall{Roots: rosterRoots{Threshold: c.Threshold}, Signed: b}
	for _, text := range c.Root {
		key, err := decodeKey(text)
		if err != nil {
			return err
		}
		in.Roots.Keys = append(in.Roots.Keys, wire.Bytes(key))
	}
	var version int
	if err := askHost(ctx, set.Data, "/roster/install", in, &version); err != nil {
		return err
	}
	sh.say("roster %d is in force", version)
	return nil
}

type rosterShowCmd struct {
	Roster string `arg:"" type:"existingfile"`
}

// Run shows what a roster says; it believes nothing.
func (c rosterShowCmd) Run(sh *shell) error {
	b, err := os.ReadFile(c.Roster)
	if err != nil {
		return err
	}
	signed, r, err := sealing.ParseSigned(bytes.TrimSpace(b))
	if err != nil {
		return err
	}
	sh.say("version %d, %s – %s, %d signatures", r.Version, r.Issued.Format(time.DateOnly), r.Expires.Format(time.DateOnly), len(signed.Signatures))
	for _, o := range r.Officers {
		sh.say("  %-12s %s", o.ID, o.Name)
	}
	return nil
}
