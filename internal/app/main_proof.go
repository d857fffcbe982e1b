package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// proven is what a .tlog-proof file shows: one entry, and the signed log that it is in.
type proven struct {
	Origin string          `json:"origin"`
	Epoch  int             `json:"epoch"`
	Seq    int64           `json:"seq"`
	At     time.Time       `json:"at"`   // as the entry says
	Kind   string          `json:"kind"` // as the entry says
	Size   int64           `json:"size"` // entries of the signed log
	Root   string          `json:"root"` // base64, as in the checkpoint
	Key    string          `json:"key"`  // name and hash of the key that signed
	Entry  json.RawMessage `json:"entry"`
}

// proof checks a .tlog-proof file, and says what it proves. There is nothing
// half proven: what does not hold is an error.
func (c auditVerifyCmd) proof(sh *shell, file io.Reader, verifier note.Verifier) error {
	if c.Since != "" || len(c.Root) > 0 {
		return errProofAlone
	}
	text, err := io.ReadAll(io.LimitReader(file, int64(checkpoint.MaxProof)+1))
	if err != nil {
		return err
	}
	p, err := checkProof(text, verifier)
	if err != nil {
		return judged(err, errProofForm)
	}
	if c.JSON {
		return sh.json(p)
	}
	sayProven(sh, p, terminalLanguage())
	return nil
}

func checkProof(text []byte, verifier note.Verifier) (out proven, err error) {
	p, err := checkpoint.ParseProof(text)
	if err != nil {
		return out, err
	}
	head, err := p.Verify(verifier, verifier.Name())
	if err != nil {
		return out, err
	}
	epoch, err := checkpoint.EpochOf(head.Origin, verifier.Name())
	if err != nil {
		return out, err
	}
	var leaf struct {
		At   time.Time `json:"at"`
		Kind string    `json:"kind"`
		V    int       `json:"v"`
	}
	if err := json.Unmarshal(p.Extra, &leaf); err != nil || leaf.V != 1 || leaf.Kind == "" {
		return out, errProofForm.Because(errors.Join(errors.New("the entry is in the log, and this program cannot read it"), err))
	}
	return proven{
		Origin: verifier.Name(), Epoch: epoch, Seq: p.Index, At: leaf.At, Kind: leaf.Kind, Size: head.Size,
		Root: head.Root.String(), Key: fmt.Sprintf("%s+%08x", verifier.Name(), verifier.KeyHash()), Entry: p.Extra,
	}, nil
}

// judged gives the code of what is wrong with a file that somebody gave for
// verification; form is for what is wrong with how it is written.
func judged(err error, form *sekisho.Error) error {
	if _, ok := errors.AsType[*sekisho.Error](err); ok {
		return err
	}
	if _, ok := errors.AsType[*fs.PathError](err); ok || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	switch {
	case errors.Is(err, checkpoint.ErrSignature), errors.Is(err, checkpoint.ErrOrigin):
		return errNotSigned.Because(err)
	case errors.Is(err, checkpoint.ErrNotIncluded):
		return errNotInLog.Because(err)
	case errors.Is(err, checkpoint.ErrChanged):
		return errFileChanged.Because(err)
	}
	return form.Because(err)
}

// sayProven prints what was proven for people. Text of the log is quoted:
// nothing in it may act on the terminal.
func sayProven(sh *shell, p proven, language string) {
	at := p.At.UTC().Format(time.RFC3339)
	if language == "ja" {
		sh.say("記録: %d番（%s、%q）", p.Seq, at, p.Kind)
		sh.say("ログ: %q、エポック%d、全%d件", p.Origin, p.Epoch, p.Size)
		sh.say("ルートハッシュ: %s", p.Root)
		sh.say("署名した鍵: %s", p.Key)
		sh.say("巻き戻し: 確かめていません（証明は1件の記録についてのものです）")
		sh.say("この記録は、署名された監査ログに含まれています。")
		return
	}
	sh.say("entry     %d  (%s, %q)", p.Seq, at, p.Kind)
	sh.say("log       %q, epoch %d, %d entries", p.Origin, p.Epoch, p.Size)
	sh.say("root      %s", p.Root)
	sh.say("signed    by %s", p.Key)
	sh.say("rollback  not checked: a proof is about one entry")
	sh.say("The entry is in the log that was signed.")
}
