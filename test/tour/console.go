package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sekisho/sekisho/test/browser"
)

// sight is one page of the management screens and who looks at it.
type sight struct {
	login, path, title string // title is the page's own heading
	content            string // must be there: a page without what it is for proves nothing
	tab, part          string // the tab that is pressed first; what is brought to the middle of the picture
	name               string // the picture's, where it is not the path's
}

// picture is the name under which a page is kept.
func (s sight) picture() string { return cmp.Or(s.name, s.path) }

var sights = []sight{
	{login: "supervisor", path: "floor", title: "稼働状況", content: "見本 花子"},
	{login: "supervisor", path: "approvals", title: "承認"}, // nothing waits at the end of the story
	{login: "supervisor", path: "incidents", title: "検知", content: "見本 花子"},
	{login: "admin", path: "devices", title: "貸与PC", content: "TOUR-PC-01"},
	{login: "admin", path: "people", title: "利用者", content: "見本 監督"},
	{login: "admin", path: "desktops", title: "仮想デスクトップ", content: "業務デスクトップ 1"},
	{login: "admin", path: "policies", title: "検知ポリシー", content: "demo"},
	{login: "admin", path: "attestation", title: "TPMの証明"},
	{login: "admin", path: "posture", title: "端末の安全状態", content: "ディスクの暗号化"},
	{login: "admin", path: "training", title: "教育と規程", content: "見本 花子"},
	{login: "admin", path: "training", title: "教育と規程", content: "カード番号を話し始めるお客様", tab: "練習業務", name: "practice"},
	{login: "admin", path: "readiness", title: "在宅勤務の準備状況", content: "鍵がTPMにあるPC"},
	{login: "admin", path: "clients", title: "委託元", content: "見本商事"},
	{login: "admin", path: "rules", title: "アクセスポリシー", content: "自宅のPCから使えるようにする"},
	{login: "admin", path: "networks", title: "接続元の制限"},
	{login: "admin", path: "loans", title: "PC持出と返却", content: "TOUR-PC-01"},
	{login: "admin", path: "shifts", title: "シフト", content: "見本 花子"},
	{login: "admin", path: "roles", title: "独自の役割"},
	{login: "admin", path: "disaster", title: "災害モード"},
	{login: "auditor", path: "reports", title: "委託元への報告書"},
	{login: "auditor", path: "audit", title: "監査ログ", content: "接続を終了"},
}

// console takes a look at every page of the management screens.
func (t *tour) console(ctx context.Context) (string, error) {
	b, err := browser.Launch(ctx, browser.Options{})
	if err != nil {
		return "", err
	}
	defer b.Close()
	p, err := b.Open(ctx, "about:blank")
	if err != nil {
		return "", err
	}
	if err := p.Size(ctx, 1280, 720, 1); err != nil {
		return "", err
	}
	who := ""
	seen := 0
	for _, s := range sights {
		if !t.shows(s.picture()) {
			continue
		}
		seen++
		if s.login != who {
			if err := t.enter(ctx, p, s.login); err != nil {
				return "", err
			}
			who = s.login
		}
		if err := t.look(ctx, p, s); err != nil {
			return "", fmt.Errorf("console: %s: %w", s.picture(), err)
		}
	}
	return fmt.Sprintf("%d pages", seen), nil
}

// enter logs a person in by the demonstration's own login.
func (t *tour) enter(ctx context.Context, p *browser.Page, login string) error {
	if err := p.Goto(ctx, t.c.Addresses.ConsoleOrigin+"/"); err != nil {
		return err
	}
	in := fmt.Sprintf(`fetch('/api/console/v1/session/demo', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({person: %q})}).then(r => r.ok)`, t.c.Seeded.People[login])
	var ok bool
	if err := p.Eval(ctx, in, &ok); err != nil || !ok {
		return fmt.Errorf("console: %s could not enter: %w", login, errors.Join(err, errors.New("refused")))
	}
	return nil
}

// look opens one page afresh and takes its picture once it shows what it is for.
func (t *tour) look(ctx context.Context, p *browser.Page, s sight) error {
	// Pages lie behind the #: another # alone would load nothing.
	if err := errors.Join(p.Goto(ctx, "about:blank"), p.Goto(ctx, t.c.Addresses.ConsoleOrigin+"/#/"+s.path)); err != nil {
		return err
	}
	if s.tab != "" {
		if err := p.WaitText(ctx, s.tab, 20*time.Second); err != nil {
			return err
		}
		press := fmt.Sprintf(`[...document.querySelectorAll('[role=tab]')].find(tab => tab.innerText.trim() === %q).click()`, s.tab)
		if err := p.Eval(ctx, press, nil); err != nil {
			return err
		}
	}
	shown := fmt.Sprintf(`document.querySelector('main h1')?.innerText.trim() === %q && !document.querySelector('main .co-loading, main [aria-busy=true]')`, s.title)
	if s.content != "" {
		shown += fmt.Sprintf(` && document.querySelector('main').innerText.includes(%q)`, s.content)
	}
	if err := p.Wait(ctx, shown, 20*time.Second); err != nil {
		var text string
		err = errors.Join(err, p.Eval(ctx, "document.body.innerText.slice(0, 600)", &text))
		return fmt.Errorf("%w\nthe page shows: %s", err, text)
	}
	if s.part != "" {
		if err := p.Eval(ctx, fmt.Sprintf(`document.querySelector(%q).scrollIntoView({block: 'center'})`, s.part), nil); err != nil {
			return err
		}
	}
	return t.shot(ctx, p, s.picture())
}

// shot takes a picture of a page of the console, if any are wanted.
func (t *tour) shot(ctx context.Context, p *browser.Page, name string) error {
	if t.shots == "" {
		return nil
	}
	return p.Screenshot(ctx, filepath.Join(t.shots, "console-"+name+".png"))
}

// shows says whether a picture of the console is wanted.
func (t *tour) shows(name string) bool {
	return t.pages == "" || slices.Contains(strings.Split(t.pages, ","), name)
}
