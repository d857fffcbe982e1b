package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho/test/browser"
)

// sight is one page of the management screens and who looks at it.
type sight struct {
	login, path, title string // title is the page's own heading
	content            string // must be there: a page without what it is for proves nothing
}

var sights = []sight{
	{"supervisor", "floor", "稼働状況", "見本 花子"},
	{"supervisor", "approvals", "承認", ""}, // nothing waits at the end of the story
	{"supervisor", "incidents", "検知", "見本 花子"},
	{"admin", "devices", "貸与PC", "TOUR-PC-01"},
	{"admin", "people", "利用者", "見本 監督"},
	{"admin", "desktops", "仮想デスクトップ", "業務デスクトップ 1"},
	{"admin", "policies", "検知ポリシー", "demo"},
	{"admin", "attestation", "TPMの証明", ""},
	{"admin", "posture", "端末の安全状態", "ディスクの暗号化"},
	{"admin", "training", "教育と規程", "見本 花子"},
	{"admin", "clients", "委託元", "見本商事"},
	{"admin", "rules", "アクセスポリシー", "自宅のPCから使えるようにする"},
	{"admin", "networks", "接続元の制限", ""},
	{"admin", "loans", "PC持出と返却", "TOUR-PC-01"},
	{"admin", "shifts", "シフト", "見本 花子"},
	{"admin", "roles", "独自の役割", ""},
	{"admin", "disaster", "災害モード", ""},
	{"auditor", "reports", "委託元への報告書", ""},
	{"auditor", "audit", "監査ログ", "接続を終了"},
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
	for _, s := range sights {
		if s.login != who {
			if err := t.enter(ctx, p, s.login); err != nil {
				return "", err
			}
			who = s.login
		}
		if err := t.look(ctx, p, s); err != nil {
			return "", fmt.Errorf("console: %s: %w", s.path, err)
		}
	}
	return fmt.Sprintf("%d pages", len(sights)), nil
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
	shown := fmt.Sprintf(`document.querySelector('main h1')?.innerText.trim() === %q && !document.querySelector('main .co-loading, main [aria-busy=true]')`, s.title)
	if s.content != "" {
		shown += fmt.Sprintf(` && document.querySelector('main').innerText.includes(%q)`, s.content)
	}
	if err := p.Wait(ctx, shown, 20*time.Second); err != nil {
		var text string
		err = errors.Join(err, p.Eval(ctx, "document.body.innerText.slice(0, 600)", &text))
		return fmt.Errorf("%w\nthe page shows: %s", err, text)
	}
	if t.shots == "" {
		return nil
	}
	return p.Screenshot(ctx, filepath.Join(t.shots, "console-"+s.path+".png"))
}
