package app

import (
	"context"
	"encoding/json"
	"os"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Verify the log: an export, the proof of one entry, or this host's database. Exit code 0: verified; 1: changed, or it could not be judged; 2: the command is not well formed, or names a file that is not there; 3: as it was signed, but it raises alarms or entries that you pinned were declared lost."`
	Show   auditShowCmd   `cmd:"" help:"Show entries, newest first."`
	Prove  auditProveCmd  `cmd:"" help:"Write a self-contained proof that an entry is in the log (C2SP tlog-proof), to be checked with audit verify."`
	Export auditExportCmd `cmd:"" help:"Write the whole log as a zip that verifies anywhere (C2SP tlog-tiles)."`
	Key    auditKeyCmd    `cmd:"" help:"Print the log's verifier key, to be kept by whoever will verify."`
	Pin    auditPinCmd    `cmd:"" help:"Print the newest checkpoint, to be kept for --since."`
}

func (s *shell) json(v any) error {
	e := json.NewEncoder(s.out)
	e.SetIndent("", " ")
	return e.Encode(v)
}

// reading opens the database of this host for reading beside a running server.
func (s *shell) reading(ctx context.Context) (*storage.DB, Settings, error) {
	set, err := s.settings()
	if err != nil {
		return nil, set, err
	}
	db, err := storage.Open(ctx, set.Storage.DSN)
	return db, set, err
}

type auditShowCmd struct {
	Kind     string `help:"Kind, or the beginning of one: session."`
	Person   string `help:"A person's id."`
	Device   string `help:"A PC's id."`
	Customer string `help:"A customer's id."`
	Call     string `help:"A call's id."`
	Limit    int    `default:"50" help:"How many, at most 500."`
	JSON     bool   `help:"One JSON document a line."`
}

// Run shows entries, as the running server finds them.
func (c auditShowCmd) Run(ctx context.Context, sh *shell) error {
	set, err := sh.settings()
	if err != nil {
		return err
	}
	var entries []audit.Entry
	err = askHost(ctx, set.Data, "/audit/search", audit.Filter{
		Kind: c.Kind, Person: sekisho.PersonID(c.Person), Device: sekisho.DeviceID(c.Device), Customer: sekisho.CustomerID(c.Customer), Call: sekisho.CallID(c.Call), Limit: c.Limit,
	}, &entries)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if c.JSON {
			sh.say("%s", e.Leaf)
			continue
		}
		sh.say("%8d  %s  %-26s %-6s %-24s %s %s", e.Seq, e.At.Format(time.RFC3339), e.Event.Kind, e.Event.Decision, e.Event.Reason, e.Event.Object.Type, e.Event.Object.ID)
	}
	return nil
}

type auditProveCmd struct {
	Seq int64  `arg:"" help:"The entry's number."`
	Out string `short:"o" help:"Write to this file." type:"path"`
}

// Run proves one entry through the running server, which signs checkpoints.
func (c auditProveCmd) Run(ctx context.Context, sh *shell) error {
	set, err := sh.settings()
	if err != nil {
		return err
	}
	var proof string
	if err := askHost(ctx, set.Data, "/audit/prove", c.Seq, &proof); err != nil {
		return err
	}
	if c.Out == "" {
		_, err = sh.out.Write([]byte(proof))
		return err
	}
	return os.WriteFile(c.Out, []byte(proof), 0o644)
}

type auditExportCmd struct {
	Out string `arg:"" help:"The zip to write." type:"path"`
}

// Run exports through the running server, so that the newest entries are signed.
func (c auditExportCmd) Run(ctx context.Context, sh *shell) error {
	set, err := sh.settings()
	if err != nil {
		return err
	}
	var size int64
	if err := askHost(ctx, set.Data, "/audit/export", c.Out, &size); err != nil {
		return err
	}
	sh.say("%s: %d bytes", c.Out, size)
	return nil
}

type auditKeyCmd struct{}

// Run prints the key.
func (auditKeyCmd) Run(ctx context.Context, sh *shell) error {
	return sh.hostText(ctx, "/audit/key")
}

type auditPinCmd struct{}

// Run prints the checkpoint.
func (auditPinCmd) Run(ctx context.Context, sh *shell) error {
	return sh.hostText(ctx, "/audit/checkpoint")
}

func (s *shell) hostText(ctx context.Context, act string) error {
	set, err := s.settings()
	if err != nil {
		return err
	}
	var text string
	if err := askHost(ctx, set.Data, act, struct{}{}, &text); err != nil {
		return err
	}
	s.say("%s", trimmed([]byte(text)))
	return nil
}
