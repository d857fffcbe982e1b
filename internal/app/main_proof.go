package app

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// proven is what a .tlog-proof file shows: one entry, and the signed log that it is in.
type proven struct {
	Origin string          `json:"origin"`
	Epoch  int             `json:"epoch"`
	Seq    int64           `json:"seq"`
	At     time.Time       `json:"at,omitzero"`     // as the entry says
	Kind   string          `json:"kind,omitempty"`  // as the entry says
	Leaf   string          `json:"leaf"`            // the entry's hash, hex
	Size   int64           `json:"size"`            // entries of the signed log
	Root   string          `json:"root"`            // base64, as in the checkpoint
	Key    string          `json:"key"`             // name and hash of the key that signed
	Entry  json.RawMessage `json:"entry,omitempty"` // none where the proof carries none
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
	p, err := checkProof(text, verifier, c.Leaf)
	if err != nil {
		return judged(err, errProofForm)
	}
	if c.JSON {
		return sh.json(p)
	}
	sayProven(sh, p, terminalLanguage())
	return nil
}

// checkProof checks a proof; leafHex is the hash of the entry that it must be
// about, or "" where the proof carries the entry itself.
func checkProof(text []byte, verifier note.Verifier, leafHex string) (out proven, err error) {
	p, err := checkpoint.ParseProof(text)
	if err != nil {
		return out, err
	}
	hash := tlog.RecordHash(p.Extra)
	switch {
	case leafHex != "":
		b, err := hex.DecodeString(leafHex)
		if err != nil || len(b) != len(hash) {
			return out, errLeafForm
		}
		hash = tlog.Hash(b)
	case len(p.Extra) == 0:
		return out, errProofEntry
	case len(p.Extra) > checkpoint.MaxEntry:
		return out, checkpoint.ErrMalformed
	}
	head, err := p.VerifyHash(verifier, verifier.Name(), hash)
	if err != nil {
		return out, err
	}
	epoch, err := checkpoint.EpochOf(head.Origin, verifier.Name())
	if err != nil {
		return out, err
	}
	out = proven{
		Origin: verifier.Name(), Epoch: epoch, Seq: p.Index, Leaf: hex.EncodeToString(hash[:]), Size: head.Size,
		Root: head.Root.String(), Key: fmt.Sprintf("%s+%08x", verifier.Name(), verifier.KeyHash()),
	}
	if len(p.Extra) == 0 {
		return out, nil
	}
	var leaf struct {
		At   time.Time `json:"at"`
		Kind string    `json:"kind"`
		V    int       `json:"v"`
	}
	if err := json.Unmarshal(p.Extra, &leaf); err != nil || leaf.V != 1 || leaf.Kind == "" {
		return proven{}, errProofForm.Because(errors.Join(errors.New("the entry is in the log, and this program cannot read it"), err))
	}
	out.At, out.Kind, out.Entry = leaf.At, leaf.Kind, p.Extra
	return out, nil
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
		if p.Entry == nil {
			sh.say("記録: %d番（リーフハッシュ %s。内容は証明に入っていません）", p.Seq, p.Leaf)
		} else {
			sh.say("記録: %d番（%s、%q）", p.Seq, at, p.Kind)
		}
		sh.say("ログ: %q、エポック%d、全%d件", p.Origin, p.Epoch, p.Size)
		sh.say("ルートハッシュ: %s", p.Root)
		sh.say("署名した鍵: %s", p.Key)
		sh.say("巻き戻し: 確かめていません（証明は1件の記録についてのものです）")
		sh.say("この記録は、署名された監査ログに含まれています。")
		return
	}
	if p.Entry == nil {
		sh.say("entry     %d  (leaf hash %s; the proof does not carry its text)", p.Seq, p.Leaf)
	} else {
		sh.say("entry     %d  (%s, %q)", p.Seq, at, p.Kind)
	}
	sh.say("log       %q, epoch %d, %d entries", p.Origin, p.Epoch, p.Size)
	sh.say("root      %s", p.Root)
	sh.say("signed    by %s", p.Key)
	sh.say("rollback  not checked: a proof is about one entry")
	sh.say("The entry is in the log that was signed.")
}
