package browser

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Page is one tab.
type Page struct {
	b       *Browser
	target  string
	session string
	mu      sync.Mutex
	log     []string
}

// Open makes a tab of its own and navigates it.
func (b *Browser) Open(ctx context.Context, url string) (*Page, error) {
	var t struct {
		TargetID string `json:"targetId"`
	}
	if err := b.call(ctx, "", "Target.createTarget", map[string]any{"url": "about:blank"}, &t); err != nil {
		return nil, err
	}
	p, err := b.attach(ctx, t.TargetID)
	if err != nil {
		return nil, err
	}
	return p, p.Goto(ctx, url)
}

// attach follows one tab.
func (b *Browser) attach(ctx context.Context, target string) (*Page, error) {
	var s struct {
		SessionID string `json:"sessionId"`
	}
	if err := b.call(ctx, "", "Target.attachToTarget", map[string]any{"targetId": target, "flatten": true}, &s); err != nil {
		return nil, err
	}
	p := &Page{b: b, target: target, session: s.SessionID}
	b.on("Runtime.consoleAPICalled", p.console)
	b.on("Runtime.exceptionThrown", p.console)
	b.on("Log.entryAdded", p.console)
	for _, domain := range []string{"Page.enable", "Runtime.enable", "Log.enable"} {
		if err := p.Call(ctx, domain, nil, nil); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *Page) console(session string, params json.RawMessage) {
	if session != p.session {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.log) < 500 {
		p.log = append(p.log, string(params))
	}
}

// Console returns what the page has logged, as raw protocol events.
func (p *Page) Console() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.log...)
}

// Call sends any DevTools command to this tab.
func (p *Page) Call(ctx context.Context, method string, params, out any) error {
	return p.b.call(ctx, p.session, method, params, out)
}

// Goto navigates and waits until the document is ready.
func (p *Page) Goto(ctx context.Context, url string) error {
	var nav struct {
		ErrorText string `json:"errorText"`
	}
	if err := p.Call(ctx, "Page.navigate", map[string]any{"url": url}, &nav); err != nil {
		return err
	}
	if nav.ErrorText != "" {
		return fmt.Errorf("browser: %s: %s", url, nav.ErrorText)
	}
	return p.Wait(ctx, "document.readyState === 'complete' && location.href !== 'about:blank' || "+quote(url)+" === 'about:blank'", 30*time.Second)
}

// Eval runs an expression, awaits it and decodes its value into out (nil to ignore).
func (p *Page) Eval(ctx context.Context, expression string, out any) error {
	var r struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Exception *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	err := p.Call(ctx, "Runtime.evaluate", map[string]any{
		"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true,
	}, &r)
	if err != nil {
		return err
	}
	if r.Exception != nil {
		return fmt.Errorf("browser: %s %s", r.Exception.Text, r.Exception.Exception.Description)
	}
	if out == nil || len(r.Result.Value) == 0 {
		return nil
	}
	return json.Unmarshal(r.Result.Value, out)
}

// ErrWait is returned when a condition did not come true in time.
var ErrWait = errors.New("browser: waited in vain")

// Wait asks until the expression is true.
func (p *Page) Wait(ctx context.Context, expression string, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var last error
	for {
		var ok bool
		if last = p.Eval(ctx, "!!("+expression+")", &ok); last == nil && ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w for %s (%v): %s", ErrWait, limit, last, expression)
		case <-tick.C:
		}
	}
}

// WaitFor waits until an element that matches is visible.
func (p *Page) WaitFor(ctx context.Context, selector string, limit time.Duration) error {
	return p.Wait(ctx, "document.querySelector("+quote(selector)+")?.checkVisibility?.()", limit)
}

// Text is the visible text of the first element that matches.
func (p *Page) Text(ctx context.Context, selector string) (s string, err error) {
	err = p.Eval(ctx, "document.querySelector("+quote(selector)+")?.innerText ?? ''", &s)
	return s, err
}

// Click waits for the element, scrolls it into view and clicks its centre with the mouse.
func (p *Page) Click(ctx context.Context, selector string) error {
	if err := p.WaitFor(ctx, selector, 20*time.Second); err != nil {
		return err
	}
	q := quote(selector)
	if err := p.Wait(ctx, "(e => e && !e.disabled && !e.hasAttribute('data-disabled'))(document.querySelector("+q+"))", 20*time.Second); err != nil {
		return err
	}
	var at struct{ X, Y float64 }
	if err := p.Eval(ctx, "(e => { e.scrollIntoView({block:'center'}); const r = e.getBoundingClientRect(); return {X: r.x + r.width/2, Y: r.y + r.height/2} })(document.querySelector("+q+"))", &at); err != nil {
		return err
	}
	for _, kind := range []string{"mouseMoved", "mousePressed", "mouseReleased"} {
		m := map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}
		if err := p.Call(ctx, "Input.dispatchMouseEvent", m, nil); err != nil {
			return err
		}
	}
	return nil
}

// Fill focuses a field, clears it and types the text.
func (p *Page) Fill(ctx context.Context, selector, text string) error {
	if err := p.Click(ctx, selector); err != nil {
		return err
	}
	if err := p.Eval(ctx, "document.activeElement.select?.()", nil); err != nil {
		return err
	}
	return p.Call(ctx, "Input.insertText", map[string]any{"text": text}, nil)
}

// Screenshot writes a PNG of the viewport.
func (p *Page) Screenshot(ctx context.Context, file string) error {
	var r struct {
		Data string `json:"data"`
	}
	if err := p.Call(ctx, "Page.captureScreenshot", map[string]any{"format": "png"}, &r); err != nil {
		return err
	}
	png, err := base64.StdEncoding.DecodeString(r.Data)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, png, 0o644)
}

// Size sets the viewport and its scale: 640×360 at 2 is 1280×720 at 200 % zoom.
func (p *Page) Size(ctx context.Context, width, height int, scale float64) error {
	return p.Call(ctx, "Emulation.setDeviceMetricsOverride", map[string]any{
		"width": width, "height": height, "deviceScaleFactor": scale, "mobile": false,
	}, nil)
}

// Passkeys adds a virtual authenticator that answers at once, as a platform
// authenticator with user verification would.
func (p *Page) Passkeys(ctx context.Context) error {
	if err := p.Call(ctx, "WebAuthn.enable", nil, nil); err != nil {
		return err
	}
	return p.Call(ctx, "WebAuthn.addVirtualAuthenticator", map[string]any{"options": map[string]any{
		"protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
		"hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true,
	}}, nil)
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return strings.ReplaceAll(string(b), "\u2028", `\u2028`)
}

// mark gives the visible button or link with this text a selector of its own.
func (p *Page) mark(ctx context.Context, text string) (string, error) {
	const find = `(t => {
  const all = [...document.querySelectorAll('button, a, [role=button], [role=tab], label')];
  const e = all.find(e => e.checkVisibility() && e.innerText.trim() === t) ?? all.find(e => e.checkVisibility() && e.innerText.includes(t));
  if (!e) return '';
  const id = 'k' + Math.random().toString(36).slice(2);
  e.setAttribute('data-driven', id);
  return '[data-driven="' + id + '"]';
})`
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		var selector string
		if err := p.Eval(ctx, find+"("+quote(text)+")", &selector); err == nil && selector != "" {
			return selector, nil
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("%w: no button %q", ErrWait, text)
		case <-time.After(30 * time.Millisecond):
		}
	}
}

// ClickText clicks the visible button or link that says text.
func (p *Page) ClickText(ctx context.Context, text string) error {
	selector, err := p.mark(ctx, text)
	if err != nil {
		return err
	}
	return p.Click(ctx, selector)
}

// WaitText waits until the page shows text.
func (p *Page) WaitText(ctx context.Context, text string, limit time.Duration) error {
	return p.Wait(ctx, "document.body.innerText.includes("+quote(text)+")", limit)
}
