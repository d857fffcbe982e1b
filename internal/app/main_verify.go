package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

type auditVerifyCmd struct {
	File  string   `arg:"" optional:"" type:"existingfile" help:"An export of the log (zip), rows taken from the console (csv, json), or the proof of one entry (.tlog-proof); without it this host's database."`
	Key   string   `help:"The log's verifier key, as it was given to you (text or file). On the host: the server's own." placeholder:"KEY"`
	Since string   `type:"existingfile" help:"A checkpoint that you kept; without it a rollback cannot be seen. Not with a proof."`
	Root  []string `help:"Public keys (base64url) of the roster roots whose statements about restarts you believe. Not with a proof." placeholder:"KEY"`
	Leaf  string   `help:"The entry's leaf hash (hex), as the console shows it: for a proof that was given to you without the entry. With a proof only." placeholder:"HEX"`
	JSON  bool     `help:"Print the report as JSON."`
}

// Run verifies and says what it found.
func (c auditVerifyCmd) Run(ctx context.Context, sh *shell) error {
	expect, err := c.expect()
	if err != nil {
		return err
	}
	if c.File != "" {
		return c.file(ctx, sh, expect)
	}
	if c.Leaf != "" {
		return errLeafAlone
	}
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
	report, err := audit.VerifyDatabase(ctx, db, expect)
	if err != nil && !errors.Is(err, audit.ErrTampered) {
		return err
	}
	return c.say(sh, report)
}

// file verifies what somebody took away from the server: an export, or a proof.
func (c auditVerifyCmd) file(ctx context.Context, sh *shell, expect audit.Expect) error {
	if expect.Key == "" {
		return errCommand.Because(errors.New("give --key: the log's verifier key, as it was given to you (`sekisho audit key` on the host)"))
	}
	verifier, err := checkpoint.NewVerifier(expect.Key)
	if err != nil {
		return errCommand.Because(fmt.Errorf("--key is no verifier key: %w", err))
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 64)
	n, _ := f.ReadAt(head, 0) // what cannot be read is no proof, and the export's reader says why
	if checkpoint.IsProof(head[:n]) {
		return c.proof(sh, f, verifier)
	}
	if c.Leaf != "" {
		return errLeafAlone
	}
	if isRows(head[:n]) {
		return c.rows(sh, verifier)
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	report, err := audit.VerifyExport(ctx, f, info.Size(), expect)
	if err != nil && !errors.Is(err, audit.ErrTampered) {
		return judged(err, errNotAudit)
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
		e.Roots = append(e.Roots, key)
	}
	return e, nil
}

// exitAlarmed is the exit code of a log that is as it was signed, and tells of
// what nobody should pass over.
const exitAlarmed = exitCode(3)

func (c auditVerifyCmd) say(sh *shell, r audit.Report) error {
	if c.JSON {
		if err := sh.json(r); err != nil {
			return err
		}
	} else {
		sayReport(sh, r, len(c.Root) > 0)
	}
	switch {
	case !r.OK():
		return errSaid
	case !r.Quiet():
		return exitAlarmed
	}
	return nil
}

// sayReport prints a report for people. Text of the log is quoted: nothing in it
// may act on the terminal.
func sayReport(sh *shell, r audit.Report, rootsNamed bool) {
	sh.say("log       %q, epoch %d", r.Origin, r.Epoch)
	sh.say("entries   %d  (%s – %s)", r.Size, r.First.Format(time.RFC3339), r.Last.Format(time.RFC3339))
	sh.say("root      %s", r.Root)
	sh.say("signed    %d checkpoints, all on this tree", r.Checkpoints)
	sh.say("rollback  %s", r.Rollback)
	for _, x := range r.Restarts {
		sh.say("RESTART   epoch %d began on %s over %d entries", x.Number, x.At.Format(time.RFC3339), x.Size)
		sh.say("          nothing is lost up to entry %d; what was written after it, up to entry %d as far as is known, may be gone", x.Kept, x.Lost)
		sh.say("          reason: %q", x.Reason)
		sh.say("          %s", signersOf(x, rootsNamed))
	}
	if r.Dropped > 0 {
		sh.say("DROPPED   %d closing acts could not be kept anywhere; only their number is in the log", r.Dropped)
	}
	if r.Erased > 0 {
		sh.say("erased    %d personal values; their commitments are still in the log", r.Erased)
	}
	for _, a := range r.Alarmed {
		sh.say("ALARM     entry %d, %s: %s", a.Seq, a.At.Format(time.RFC3339), alarmWords(a))
	}
	if more := r.Alarms - len(r.Alarmed); more > 0 {
		sh.say("ALARM     and %d more", more)
	}
	for _, f := range r.Findings {
		sh.say("FOUND     %v", f)
	}
	if r.Cut {
		sh.say("FOUND     and more")
	}
	switch {
	case !r.OK():
		sh.say("改ざんの疑いがあります。 The log has been changed.")
		return
	case r.Alarms > 0:
		sh.say("ログは署名どおりですが、書き込み中の記録を書き換えようとした、または消した形跡があります（ALARMの行）。情報セキュリティ責任者に確認してください。")
		sh.say("The log is as it was signed, and it tells that somebody forged or removed entries before they were in it: see ALARM. Ask the security officer.")
	}
	if r.Rollback == audit.RollbackDeclared {
		sh.say("ログは署名どおりですが、お手元のチェックポイントまでの記録の一部は、復元のときに失われたと宣言されています（RESTARTの行）。")
		sh.say("The log is as it was signed, and entries that your checkpoint covers were declared lost in a restart: see RESTART.")
	}
	if r.Quiet() {
		sh.say("監査ログは正しく検証されました。 The log verifies.")
	}
}

func signersOf(x audit.Restart, rootsNamed bool) string {
	signers := strings.Join(x.Roots, " and ")
	switch {
	case x.Trusted:
		return "signed by two roster roots that you named: " + signers
	case rootsNamed:
		return "NOT signed by two roster roots that you named"
	}
	return "WHO SIGNED WAS NOT CHECKED: name the roster roots that you believe with --root"
}

func alarmWords(a audit.Alarm) string {
	if a.Kind == "audit.vanished" {
		return fmt.Sprintf("the entry %q was written and then removed (SHA-256 %q)", a.Row, a.SHA256)
	}
	return fmt.Sprintf("somebody else than the server tried to write an entry (SHA-256 %q)", a.SHA256)
}
