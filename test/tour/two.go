package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/browser"
	"github.com/sekisho/sekisho/test/centre"
)

// twoPeople has one administrator loosen a guard policy. It waits until the other
// one, who has registered a passkey in his browser, reads what would change and
// confirms it there.
func (t *tour) twoPeople(ctx context.Context) (string, error) {
	if !t.shows("act") {
		return "", nil
	}
	first, err := t.c.As(ctx, "admin")
	if err != nil {
		return "", err
	}
	second, err := t.c.As(ctx, "admin2")
	if err != nil {
		return "", err
	}
	before, err := demoPolicy(ctx, first)
	if err != nil {
		return "", err
	}
	loose := before
	loose.AbsentMS = 30_000
	alone := first.Put(ctx, "policies/demo", loose, nil)
	if a, ok := errors.AsType[*centre.Answer](alone); !ok || a.Problem.Code != "act.asked" {
		return "", fmt.Errorf("one administrator alone loosened a policy: %w", alone)
	}
	two := centre.Two{First: first, Second: second}
	link, err := two.Invite(ctx, second.Person)
	if err != nil {
		return "", err
	}
	if err := t.confirms(ctx, link); err != nil {
		return "", err
	}
	after, err := demoPolicy(ctx, first)
	if err == nil && (after.Version != before.Version+1 || after.AbsentMS != loose.AbsentMS) {
		err = fmt.Errorf("confirmed, and the policy is still %+v", after)
	}
	return "asked by one, confirmed by the other with his passkey", err
}

// confirms is the second administrator in his browser.
func (t *tour) confirms(ctx context.Context, link string) error {
	b, err := browser.Launch(ctx, browser.Options{})
	if err != nil {
		return err
	}
	defer b.Close()
	p, err := b.Open(ctx, "about:blank")
	if err != nil {
		return err
	}
	const limit = 20 * time.Second
	if err := errors.Join(p.Size(ctx, 1280, 720, 1), p.Passkeys(ctx), p.Goto(ctx, link)); err != nil {
		return err
	}
	if err := p.ClickText(ctx, "登録を始める"); err != nil {
		return err
	}
	if err := p.WaitText(ctx, "パスキーを登録しました。", limit); err != nil {
		return err
	}
	const act = "検知ポリシーをゆるめる: demo"
	waiting := sight{path: "approvals", title: "承認", content: act, name: "act", part: "article.co-approval"}
	if err := t.look(ctx, p, waiting); err != nil {
		return err
	}
	if err := p.ClickText(ctx, "パスキーで確認する"); err != nil {
		return err
	}
	if err := p.WaitText(ctx, "確認しました。変更は有効になりました。", limit); err != nil {
		return err
	}
	const open = `document.querySelector('details.co-details').open = true; scrollTo(0, 0)`
	if err := errors.Join(p.Eval(ctx, open, nil), p.WaitText(ctx, act, limit)); err != nil {
		return err
	}
	return t.shot(ctx, p, "act-done")
}

func demoPolicy(ctx context.Context, by *centre.Console) (wire.GuardPolicy, error) {
	var all struct {
		Policies []wire.GuardPolicy `json:"policies"`
	}
	if err := by.Get(ctx, "policies", &all); err != nil {
		return wire.GuardPolicy{}, err
	}
	for _, p := range all.Policies {
		if p.Name == "demo" {
			return p, nil
		}
	}
	return wire.GuardPolicy{}, errors.New("there is no policy demo")
}
