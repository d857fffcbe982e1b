package centre

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/sekisho/sekisho/test/softkey"
)

// Act is a dangerous act as the console lists it.
type Act struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Object string `json:"object"`
	Mine   bool   `json:"mine"`
	Digest string `json:"digest"`
	State  string `json:"state"`
	Reason string `json:"reason"`
}

// Acts lists the dangerous acts that wait.
func (k *Console) Acts(ctx context.Context) ([]Act, error) {
	var all struct {
		Open []Act `json:"open"`
	}
	return all.Open, k.Get(ctx, "acts", &all)
}

// Word is what somebody sends to confirm one act, and no other.
type Word struct {
	Digest     string          `json:"digest"`
	Ceremony   string          `json:"ceremony"`
	Credential json.RawMessage `json:"credential,omitempty"`
}

// Word begins to confirm an act as it is shown, and signs with the person's
// passkey where the console asks for one. Nothing has happened yet.
func (k *Console) Word(ctx context.Context, a Act) (Word, error) {
	var begun struct {
		Passkey  bool            `json:"passkey"`
		Ceremony string          `json:"ceremony"`
		Options  json.RawMessage `json:"options"`
	}
	w := Word{Digest: a.Digest}
	if err := k.Post(ctx, "acts/"+a.ID+"/begin", w.digest(), &begun); err != nil || !begun.Passkey {
		return w, err
	}
	if k.Key == nil {
		return w, errors.New("centre: the console asks for a passkey, and this person holds none here")
	}
	var err error
	w.Ceremony = begun.Ceremony
	w.Credential, err = k.Key.Get(begun.Options)
	return w, err
}

func (w Word) digest() map[string]string { return map[string]string{"digest": w.Digest} }

// Give sends a word for an act. out is what its asker would have been answered.
func (k *Console) Give(ctx context.Context, a Act, w Word, out any) error {
	var done struct {
		Act    Act             `json:"act"`
		Result json.RawMessage `json:"result"`
	}
	if err := k.Post(ctx, "acts/"+a.ID+"/confirm", w, &done); err != nil {
		return err
	}
	if out == nil || done.Act.State != "used" {
		return nil
	}
	return json.Unmarshal(done.Result, out)
}

// Confirm says yes to an act as it is shown.
func (k *Console) Confirm(ctx context.Context, a Act, out any) error {
	w, err := k.Word(ctx, a)
	if err != nil {
		return err
	}
	return k.Give(ctx, a, w, out)
}

// Two are two administrators: what the first may not do alone the second confirms.
type Two struct {
	First, Second *Console

	mu sync.Mutex // held while something of the first's waits
}

// Administrators are the two of a demonstration. The second has a passkey of his
// own from now on, registered by an invitation as everybody's is.
func (c *Centre) Administrators(ctx context.Context) (*Two, error) {
	first, err := c.As(ctx, "admin")
	if err != nil {
		return nil, err
	}
	second, err := c.As(ctx, "admin2")
	if err != nil {
		return nil, err
	}
	t := &Two{First: first, Second: second}
	url, err := t.Invite(ctx, second.Person)
	if err != nil {
		return nil, fmt.Errorf("centre: invite the second administrator: %w", err)
	}
	return t, second.register(ctx, c.Anonymous(), url)
}

// register makes a passkey by an invitation that anonymous opens.
func (k *Console) register(ctx context.Context, anonymous *Console, url string) error {
	_, token, _ := strings.Cut(url, "#token=")
	var begun struct {
		Ceremony string          `json:"ceremony"`
		Options  json.RawMessage `json:"options"`
	}
	if err := anonymous.Post(ctx, "invitations/begin", map[string]string{"token": token}, &begun); err != nil {
		return fmt.Errorf("centre: begin a passkey: %w", err)
	}
	key := softkey.New(k.origin)
	credential, err := key.Create(begun.Options)
	if err != nil {
		return err
	}
	in := map[string]any{"token": token, "ceremony": begun.Ceremony, "credential": credential}
	if err := anonymous.Post(ctx, "invitations/finish", in, nil); err != nil {
		return fmt.Errorf("centre: finish a passkey: %w", err)
	}
	k.Key = key
	return nil
}

// Invite makes the link by which a person gets a way in. Where the first may not
// do it alone, the second hears four digits by telephone and types them in.
func (t *Two) Invite(ctx context.Context, person string) (url string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var answer struct {
		URL      string `json:"url"`
		Approval *struct {
			ID   string `json:"id"`
			Code string `json:"code"`
		} `json:"approval"`
	}
	path := "people/" + person + "/invitation"
	if err := t.First.Post(ctx, path, struct{}{}, &answer); err != nil || answer.Approval == nil {
		return answer.URL, err
	}
	asked := *answer.Approval
	if err := t.Second.Post(ctx, "approvals/"+asked.ID+"/decide", map[string]any{"approve": true, "code": asked.Code}, nil); err != nil {
		return "", err
	}
	err = t.First.Post(ctx, path, map[string]string{"approval": asked.ID}, &answer)
	return answer.URL, err
}

// Post, Put, Patch: what the first asks for and, where that takes two, the second
// confirms. out is the answer, whoever got it.
func (t *Two) Post(ctx context.Context, path string, in, out any) error {
	return t.both(ctx, http.MethodPost, path, in, out)
}
func (t *Two) Put(ctx context.Context, path string, in, out any) error {
	return t.both(ctx, http.MethodPut, path, in, out)
}
func (t *Two) Patch(ctx context.Context, path string, in, out any) error {
	return t.both(ctx, http.MethodPatch, path, in, out)
}

func (t *Two) both(ctx context.Context, method, path string, in, out any) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	before, err := t.First.Acts(ctx)
	if err != nil {
		return err
	}
	err = t.First.call(ctx, method, path, in, out)
	if a, ok := errors.AsType[*Answer](err); !ok || a.Problem.Code != "act.asked" {
		return err
	}
	after, err := t.First.Acts(ctx)
	if err != nil {
		return err
	}
	asked := slices.DeleteFunc(after, func(a Act) bool {
		return !a.Mine || slices.ContainsFunc(before, func(b Act) bool { return b.ID == a.ID })
	})
	if len(asked) != 1 {
		return fmt.Errorf("centre: %s %s: %d acts wait for the second", method, path, len(asked))
	}
	return t.Second.Confirm(ctx, asked[0], out)
}
