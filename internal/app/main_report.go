package app

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/searches"
	"github.com/sekisho/sekisho/internal/gate/reports"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

var (
	errFileChanged = sekisho.Fail(sekisho.KindConflict, "audit.file_changed")
	errReportForm  = sekisho.Fail(sekisho.KindInvalid, "report.file_unknown")
)

type reportCmd struct {
	Verify reportVerifyCmd `cmd:"" help:"Verify a report for the client company, offline: that the centre's log names this very file. Exit code 0: verified; 1: changed, or it could not be judged."`
}

type reportVerifyCmd struct {
	File string `arg:"" type:"existingfile" help:"The report (HTML or PDF), as you received it."`
	Key  string `required:"" help:"The log's verifier key, as it was given to you (text or file)." placeholder:"KEY"`
	JSON bool   `help:"Print what was verified as JSON."`
}

// Run verifies and says what it found.
func (c reportVerifyCmd) Run(sh *shell) error {
	verifier, err := verifierOf(c.Key)
	if err != nil {
		return err
	}
	file, err := attestedFile(c.File)
	if err != nil {
		return err
	}
	v, err := reports.Verify(file, verifier)
	if err != nil {
		return judged(err, errReportForm)
	}
	if c.JSON {
		return sh.json(v)
	}
	at, key := v.At.UTC().Format(time.RFC3339), fmt.Sprintf("%s+%08x", verifier.Name(), verifier.KeyHash())
	if terminalLanguage() == "ja" {
		sh.say("報告書: %q（%s から %s まで、%q）", v.Report, v.From, v.To, v.Language)
		sh.say("作成: %s", at)
		sh.say("記録: 監査ログ %q の%d番（全%d件）", v.Origin, v.Seq, v.Size)
		sh.say("ファイルのSHA-256: %s", v.SHA256)
		sh.say("署名した鍵: %s", key)
		sh.say("この報告書は、監査ログに記録されたとおりです。")
		return nil
	}
	sh.say("report    %q, %s to %s, %q", v.Report, v.From, v.To, v.Language)
	sh.say("made      %s", at)
	sh.say("entry     %d of log %q, %d entries", v.Seq, v.Origin, v.Size)
	sh.say("SHA-256   %s", v.SHA256)
	sh.say("signed    by %s", key)
	sh.say("The report is the one that the log names.")
	return nil
}

// verifierOf reads a verifier key, as text or from a file.
func verifierOf(key string) (note.Verifier, error) {
	if b, err := os.ReadFile(key); err == nil {
		key = trimmed(b)
	}
	v, err := checkpoint.NewVerifier(key)
	if err != nil {
		return nil, errCommand.Because(fmt.Errorf("--key is no verifier key: %w", err))
	}
	return v, nil
}

func attestedFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, checkpoint.MaxAttested+1))
}

// isRows says by its beginning whether a file means to be rows of the log: a
// table of ours begins with a byte order mark, the other kind with a brace.
func isRows(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\ufeff\"")) || bytes.HasPrefix(head, []byte(`{"format":"sekisho-audit-rows/`))
}

// rows checks a file of rows, and says what it proves.
func (c auditVerifyCmd) rows(sh *shell, verifier note.Verifier) error {
	if c.Since != "" || len(c.Root) > 0 {
		return errProofAlone
	}
	file, err := attestedFile(c.File)
	if err != nil {
		return err
	}
	v, err := searches.Verify(file, verifier)
	if err != nil {
		return judged(err, errNotAudit)
	}
	if c.JSON {
		return sh.json(v)
	}
	at, key := v.At.UTC().Format(time.RFC3339), fmt.Sprintf("%s+%08x", verifier.Name(), verifier.KeyHash())
	if terminalLanguage() == "ja" {
		sh.say("記録: %d件（%d番から%d番までのうち、検索に合ったもの）", v.Rows, v.First, v.Last)
		sh.say("書き出し: %s、%q（監査ログの%d番）", at, v.By, v.Seq)
		sh.say("ログ: %q、全%d件", v.Origin, v.Size)
		sh.say("ファイルのSHA-256: %s", v.SHA256)
		sh.say("署名した鍵: %s", key)
		sh.say("巻き戻し: 確かめていません（証明は個々の記録についてのものです）")
		sh.say("ファイルは書き出されたときのままで、すべての記録が署名された監査ログに含まれています。")
		return nil
	}
	sh.say("rows      %d, those that a search found between entry %d and entry %d", v.Rows, v.First, v.Last)
	sh.say("taken     %s by %q (entry %d)", at, v.By, v.Seq)
	sh.say("log       %q, %d entries", v.Origin, v.Size)
	sh.say("SHA-256   %s", v.SHA256)
	sh.say("signed    by %s", key)
	sh.say("rollback  not checked: each proof is about one entry")
	sh.say("The file is as it was taken, and every row is in the log that was signed.")
	return nil
}
