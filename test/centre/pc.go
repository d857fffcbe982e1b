package centre

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sekisho/sekisho/test/browser"
)

// PCOptions describe one PC to issue.
type PCOptions struct {
	Tag    string // asset tag
	Person string // login of the seeded person it is issued to
	Policy string // name of its guard policy
	Place  string // home by default
	TPM    bool   // its key lies in a TPM simulator; else in software (tier C)
	Port   int    // of the PC's own door; a free one by default
	Open   bool   // the agent opens the browser itself
	Camera string // a clip that this browser plays as its camera
	Env    []string
	Wrap   []string // a command to run the agent under
	Models string   // folder of the face models; found or made by default
	Server string   // server address to put in place of the real one, for a proxy between
}

// PC is one issued PC: its agent, its state folder and its TPM.
type PC struct {
	PCOptions
	Dir    string
	Device string
	Agent  *Process
	TPM    *TPM
	c      *Centre
}

// Issue registers a PC, enrols it by its code, compares fingerprints as an
// administrator would and waits until it holds its certificate.
func (c *Centre) Issue(ctx context.Context, o PCOptions) (*PC, error) {
	if o.Place == "" {
		o.Place = "home"
	}
	p := &PC{PCOptions: o, Dir: filepath.Join(c.Dir, "pc-"+strings.ToLower(o.Tag)), c: c}
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		return nil, err
	}
	admin, err := c.As(ctx, "admin")
	if err != nil {
		return nil, err
	}
	code, err := p.Register(ctx, admin)
	if err != nil {
		return nil, err
	}
	if o.TPM {
		if p.TPM, err = StartTPM(ctx, p.Dir); err != nil {
			return nil, err
		}
	}
	if err := p.Configure(); err != nil {
		return nil, err
	}
	enrol, err := Run(p.Dir, "enroll", o.Env, append(append([]string(nil), o.Wrap...), c.bin("sekisho-agent"), "enroll", "--data", p.Dir, code)...)
	if err != nil {
		return nil, err
	}
	defer enrol.Kill()
	if err := p.Approve(ctx, admin, enrol); err != nil {
		return nil, err
	}
	select {
	case <-enrol.Done():
	case <-time.After(30 * time.Second):
		return nil, fmt.Errorf("centre: enrolment of %s hangs:\n%s", o.Tag, enrol.Tail())
	}
	return p, nil
}

// Register makes the PC known and returns its enrolment code.
func (p *PC) Register(ctx context.Context, admin *Console) (string, error) {
	var device struct {
		ID string `json:"id"`
	}
	err := admin.Post(ctx, "devices", map[string]any{
		"asset_tag": p.Tag, "model": "見本ノートPC（架空）", "place": p.Place, "person": p.c.Seeded.People[p.Person], "policy": p.Policy,
	}, &device)
	if err != nil {
		return "", err
	}
	p.Device = device.ID
	var code struct {
		Code string `json:"code"`
	}
	err = admin.Post(ctx, "devices/"+p.Device+"/code", map[string]any{"handover": "in_person"}, &code)
	return code.Code, err
}

// Approve waits until the PC is pending and approves the fingerprint that the PC's own screen shows.
func (p *PC) Approve(ctx context.Context, admin *Console, enrol *Process) error {
	var d struct {
		State       string `json:"state"`
		Fingerprint string `json:"fingerprint"`
	}
	err := enrol.await(ctx, 30*time.Second, func() bool {
		return admin.Get(ctx, "devices/"+p.Device, &d) == nil && d.State == "pending" && strings.Contains(enrol.Tail(), d.Fingerprint)
	})
	if err != nil {
		return err
	}
	return admin.Post(ctx, "devices/"+p.Device+"/approve", map[string]string{"fingerprint": d.Fingerprint}, nil)
}

// Configure writes the PC's agent.toml with a port of its own.
func (p *PC) Configure() (err error) {
	if p.Port == 0 {
		if p.Port, err = freePort(); err != nil {
			return err
		}
	}
	tpm := ""
	if p.TPM != nil {
		tpm = p.TPM.Socket
	}
	models := p.Models
	if models == "" {
		found, err := foundModels()
		if err != nil {
			return err
		}
		models = found.Dir
	}
	browser, err := p.browser()
	if err != nil {
		return err
	}
	text := fmt.Sprintf("port = %d\nopen_browser = %v\nbrowser = %q\nsoftware_key = %v\ntpm = %q\nmodels = %q\ncamera = \"any\"\n",
		p.Port, p.Open, browser, p.TPM == nil, tpm, models)
	return os.WriteFile(filepath.Join(p.Dir, "agent.toml"), []byte(text), 0o600)
}

// browser is a program that starts Chromium with the clip as its camera, or
// empty where the agent may find its own.
func (p *PC) browser() (string, error) {
	if p.Camera == "" {
		return "", nil
	}
	chromium, err := browser.Find()
	if err != nil {
		return "", err
	}
	script := filepath.Join(p.Dir, "browser")
	text := fmt.Sprintf("#!/bin/sh\nexec %s --use-fake-ui-for-media-stream --use-fake-device-for-media-stream --use-file-for-fake-video-capture=%s \"$@\"\n", chromium, p.Camera)
	return script, os.WriteFile(script, []byte(text), 0o755)
}

// Start runs the agent and returns the page's address with its one-use ticket.
func (p *PC) Start(ctx context.Context) (string, error) {
	a, err := Run(p.Dir, "agent", p.Env, append(append([]string(nil), p.Wrap...), p.c.bin("sekisho-agent"), "run", "--data", p.Dir)...)
	if err != nil {
		return "", err
	}
	p.Agent = a
	if err := a.await(ctx, 30*time.Second, func() bool { return dials(p.Port) }); err != nil {
		return "", err
	}
	return p.Ticket(ctx)
}

// Ticket asks the agent for a fresh page address, as its user would.
func (p *PC) Ticket(ctx context.Context) (string, error) {
	out, err := RunOnce(ctx, p.Env, p.c.bin("sekisho-agent"), "open", "--data", p.Dir, "--print")
	return strings.TrimSpace(out), err
}

// Close ends the agent and its TPM.
func (p *PC) Close() {
	if p.Agent != nil {
		p.Agent.Stop()
	}
	if p.TPM != nil {
		p.TPM.Close()
	}
}

func (c *Centre) bin(name string) string { return filepath.Join(c.Bin, name) }
