package drills

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/idp"
	"github.com/sekisho/sekisho/test/softkey"
)

// asked is what one administrator was told, and what waits of his since.
func asked(ctx context.Context, two *centre.Two, ask func(context.Context, string, any, any) error, path string, in any) (code string, one centre.Act, err error) {
	code = answerCode(ask(ctx, path, in, nil))
	open, err := two.Second.Acts(ctx)
	if err == nil && len(open) == 0 {
		err = fmt.Errorf("drills: %s: nothing waits", code)
	}
	if err != nil {
		return code, one, err
	}
	return code, open[len(open)-1], nil // the oldest stand first
}

// withoutOwnPasskey has the open session of the second administrator, and everything
// but the key in his pocket.
func withoutOwnPasskey(ctx context.Context, f *Field, r *Result) error {
	own, err := f.Own(ctx, "words")
	if err != nil {
		return err
	}
	defer own.Close()
	two, err := own.Two(ctx)
	if err != nil {
		return err
	}
	_, one, err := asked(ctx, two, two.First.Put, "policies/home", looseHome)
	if err != nil {
		return err
	}
	_, other, err := asked(ctx, two, two.First.Post, "roles", map[string]any{"name": "訓練", "rights": []string{"people.manage"}})
	if err != nil {
		return err
	}
	give := func(w centre.Word) string { return answerCode(two.Second.Give(ctx, one, w, nil)) }
	none := give(centre.Word{Digest: one.Digest})
	his := two.Second.Key
	thief := softkey.New(his.Origin)
	thief.Made = []*softkey.Credential{{ID: his.Made[0].ID, Handle: his.Made[0].Handle}}
	if thief.Made[0].Private, err = softkey.NewPrivate(); err != nil {
		return err
	}
	two.Second.Key = thief
	forged, err := two.Second.Word(ctx, one)
	two.Second.Key = his
	if err != nil {
		return err
	}
	foreign := give(forged)
	elsewhere, err := two.Second.Word(ctx, other)
	if err != nil {
		return err
	}
	elsewhere.Digest = one.Digest
	moved := give(elsewhere)
	signIn, err := own.signInWord(ctx, his)
	if err != nil {
		return err
	}
	signIn.Digest = one.Digest
	login := give(signIn)
	open, err := own.Auditor.Acts(ctx)
	waits := err == nil && len(open) == 2
	word, err := two.Second.Word(ctx, one)
	if err != nil {
		return err
	}
	done, again := give(word), give(word)
	row, err := own.Audit(ctx, "act.done", func(Row) bool { return true })
	r.Refused = waits && all([]string{none, moved, login}, "passkey.ceremony") && foreign == "passkey.refused" && again == "act.decided"
	r.Control = done == "" && err == nil
	r.Evidence = fmt.Sprintf("no passkey: %s; signed with another key: %s; for another act: %s; from a sign-in: %s; his own: %s; the same word again: %s", none, foreign, moved, login, row, again)
	return nil
}

// signInWord is what a passkey says where its owner is made to sign in.
func (f *Field) signInWord(ctx context.Context, key *softkey.Key) (w centre.Word, err error) {
	var begun struct {
		Ceremony string          `json:"ceremony"`
		Options  json.RawMessage `json:"options"`
	}
	if err := f.Anonymous().Post(ctx, "session/passkey/begin", struct{}{}, &begun); err != nil {
		return w, err
	}
	w.Ceremony = begun.Ceremony
	w.Credential, err = key.Get(begun.Options)
	return w, err
}

// ownRoles are the own roles of a centre: their rights by name.
func (f *Field) ownRoles(ctx context.Context) (map[string][]string, error) {
	var all struct {
		Roles []struct {
			Name   string   `json:"name"`
			Rights []string `json:"rights"`
		} `json:"roles"`
	}
	err := f.Admin.Get(ctx, "roles", &all)
	out := map[string][]string{}
	for _, one := range all.Roles {
		out[one.Name] = one.Rights
	}
	return out, err
}

// roleByOne makes an own role with an administrator's rights, widens one and gives
// one, each alone, and confirms it himself.
func roleByOne(ctx context.Context, f *Field, r *Result) error {
	own, err := f.Own(ctx, "rolebyone")
	if err != nil {
		return err
	}
	defer own.Close()
	two, err := own.Two(ctx)
	if err != nil {
		return err
	}
	friend, err := own.Person(ctx)
	if err != nil {
		return err
	}
	const name = "訓練の役割"
	var made struct {
		ID string `json:"id"`
	}
	if err := two.First.Post(ctx, "roles", map[string]any{"name": name, "rights": []string{"floor.watch"}}, &made); err != nil { // no right of an administrator
		return err
	}
	var alone, himself []string
	try := func(ask func(context.Context, string, any, any) error, path string, in any) (centre.Act, error) {
		code, act, err := asked(ctx, two, ask, path, in)
		alone, himself = append(alone, code), append(himself, answerCode(two.First.Confirm(ctx, act, nil)))
		return act, err
	}
	making, err := try(two.First.Post, "roles", map[string]any{"name": "訓練の管理", "rights": []string{"people.manage"}})
	if err != nil {
		return err
	}
	give, err := try(two.First.Put, "roles/"+made.ID+"/people/"+friend, map[string]int{"seen": 1})
	if err != nil {
		return err
	}
	widen, err := try(two.First.Put, "roles/"+made.ID, map[string]any{"name": name, "rights": []string{"floor.watch", "people.manage"}, "seen": 1})
	if err != nil {
		return err
	}
	roles, err := own.ownRoles(ctx)
	if err != nil {
		return err
	}
	entry := func() string {
		return own.visitor().ask(ctx, http.MethodPost, "session/demo", map[string]string{"person": friend})
	}
	nothing := len(roles) == 1 && !slices.Contains(roles[name], "people.manage") && entry() == "console.not_for_you"
	confirmed := []string{answerCode(two.Second.Confirm(ctx, making, nil)), answerCode(two.Second.Confirm(ctx, widen, nil))}
	// The role that would be given has become another one meanwhile.
	changed := answerCode(two.Second.Confirm(ctx, give, nil))
	kept := entry()
	given := two.Put(ctx, "roles/"+made.ID+"/people/"+friend, map[string]int{"seen": 2}, nil)
	if roles, err = own.ownRoles(ctx); err != nil {
		return err
	}
	r.Refused = nothing && all(alone, "act.asked") && all(himself, "act.own") && changed != "" && kept == "console.not_for_you"
	r.Control = all(confirmed, "") && given == nil && len(roles) == 2 && slices.Contains(roles[name], "people.manage") && entry() == "200"
	r.Evidence = fmt.Sprintf("made, given, widened alone: %v; by himself: %v; giving a role that was widened meanwhile: %s; confirmed by the second, each is there", alone, himself, changed)
	return nil
}

// linkByOne says alone that the supervisor is a subject whose password he knows.
func linkByOne(ctx context.Context, f *Field, r *Result) error {
	own, forger, err := f.withProvider(ctx, "link")
	if err != nil {
		return err
	}
	defer forger.Close()
	defer own.Close()
	two, err := own.Two(ctx)
	if err != nil {
		return err
	}
	code, act, err := asked(ctx, two, two.First.Put, "people/"+own.Seeded.People["supervisor"]+"/identity", map[string]string{"subject": "subject-1"})
	if err != nil {
		return err
	}
	himself := answerCode(two.First.Confirm(ctx, act, nil))
	enter := func() (string, error) {
		_, code, err := own.through(ctx, forger, func(*idp.Token, map[string]string) {})
		return code, err
	}
	before, err := enter()
	if err != nil {
		return err
	}
	confirmed := answerCode(two.Second.Confirm(ctx, act, nil))
	after, err := enter()
	r.Refused = code == "act.asked" && himself == "act.own" && before == "oidc.not_linked"
	r.Control = confirmed == "" && after == "200"
	r.Evidence = fmt.Sprintf("alone: %s; by himself: %s; signing in as that subject: %s; once the second administrator has confirmed: %s", code, himself, before, after)
	return err
}
