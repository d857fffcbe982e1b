package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Verify the log: an export, or this host's database."`
	Show   auditShowCmd   `cmd:"" help:"Show entries, newest first."`
	Prove  auditProveCmd  `cmd:"" help:"Write a self-contained proof that an entry is in the log (C2SP tlog-proof)."`
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

type auditVerifyCmd struct {
	Export string   `arg:"" optional:"" type:"existingfile" help:"An export; without it this host's database."`
	Key    string   `help:"The log's verifier key, as it was given to you (text or file). On the host: the server's own." placeholder:"KEY"`
	Since  string   `type:"existingfile" help:"A checkpoint that you kept; without it a rollback cannot be seen."`
	Root   []string `help:"Public keys (base64url) of the roster roots whose statements about restarts you believe." placeholder:"KEY"`
	JSON   bool     `help:"Print the report as JSON."`
}

// Run verifies and says what it found.
func (c auditVerifyCmd) Run(ctx context.Context, sh *shell) error {
	expect, err := c.expect()
	if err != nil {
		return err
	}
	var report audit.Report
	if c.Export != "" {
		if expect.Key == "" {
			return errors.New("give --key: the log's verifier key, as it was given to you (`sekisho audit key` on the host)")
		}
		f, err := os.Open(c.Export)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		report, err = audit.VerifyExport(ctx, f, info.Size(), expect)
		if err != nil && !errors.Is(err, audit.ErrTampered) {
			return err
		}
	} else {
		db, set, err := sh.reading(ctx)
		if err != nil {
			return err
		}
		defer db.Close()
		if expect.Key == "" {
			if err := askHost(ctx, set.Data, "/audit/key", struct{}{}, &expect.Key); err != nil {
				return fmt.Errorf("give --key, or start the server: %w", err)
			}
		}
		report, err = audit.VerifyDatabase(ctx, db, expect)
		if err != nil && !errors.Is(err, audit.ErrTampered) {
			return err
		}
	}
	return c.say(sh, report)
}

func (c auditVerifyCmd) expect() (e audit.Expect, err error) {
	e.Key = c.Key
	if b, err := os.ReadFile(c.Key); c.Key != "" && err == nil {
		e.Key = trimmed(b)
	}
	if c.Since != "" {
		if e.Since, err = os.ReadFile(c.Since); err != nil {
			return e, err
		}
	}
	for _, text := range c.Root {
		key, err := decodeKey(text)
		if err != nil {
			return e, err
		}
		e.Officers = append(e.Officers, key)
	}
	return e, nil
}

func (c auditVerifyCmd) say(sh *shell, r audit.Report) error {
	if c.JSON {
		if err := sh.json(r); err != nil {
			return err
		}
	} else {
		sh.say("log       %s, epoch %d", r.Origin, r.Epoch)
		sh.say("entries   %d  (%s – %s)", r.Size, r.First.Format(time.RFC3339), r.Last.Format(time.RFC3339))
		sh.say("root      %s", r.Root)
		sh.say("signed    %d checkpoints, all on this tree", r.Checkpoints)
		sh.say("rollback  %s", r.Rollback)
		for _, f := range r.Findings {
			sh.say("FOUND     %v", f)
		}
	}
	if !r.OK() {
		sh.say("改ざんの疑いがあります。 The log has been changed.")
		return errSaid
	}
	if !c.JSON {
		sh.say("監査ログは正しく検証されました。 The log verifies.")
	}
	return nil
}

type auditShowCmd struct {
	Kind   string `help:"Kind, or the beginning of one: session."`
	Person string `help:"A person's id."`
	Device string `help:"A PC's id."`
	Limit  int    `default:"50" help:"How many, at most 500."`
	JSON   bool   `help:"One JSON document a line."`
}

// Run shows entries, as the running server finds them.
func (c auditShowCmd) Run(ctx context.Context, sh *shell) error {
	set, err := sh.settings()
	if err != nil {
		return err
	}
	var entries []audit.Entry
	err = askHost(ctx, set.Data, "/audit/search", audit.Filter{
		Kind: c.Kind, Person: sekisho.PersonID(c.Person), Device: sekisho.DeviceID(c.Device), Limit: c.Limit,
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
