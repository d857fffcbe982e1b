package connect

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/inspect"
	"github.com/sekisho/sekisho/internal/agent/localdoor"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/wire"
)

// The doctor looks at a PC before it is issued: everything that would stop an
// enrolment, a connection or a login, said before somebody sits at home with it.

// grade of one check. The zero value is one that was not carried out.
type grade uint8

const (
	unasked grade = iota // could not be told
	healthy
	doubtful  // works, with something to know
	hindering // would stop the PC from being used
)

var gradeWords = map[bool][4]string{ // by English
	false: {"不明", "良好", "注意", "不可"},
	true:  {"unknown", "good", "note", "BAD"},
}

// looked names what is looked at, ja and en.
var looked = map[string][2]string{
	"tpm": {"TPM", "TPM"}, "algorithms": {"TPMの暗号方式", "TPM algorithms"}, "lockout": {"TPMのロック", "TPM lockout"},
	"ek": {"TPMの承認鍵（EK）と証明書", "TPM endorsement key (EK) and certificate"}, "server": {"サーバーとの通信", "Line to the server"},
	"clock": {"サーバーとの時計の差", "Clock against the server's"}, "port": {"オペレーター画面のポート", "Port of the desk"},
	"folder": {"データのフォルダーの空き", "Room in the data folder"}, "browser": {"ブラウザー", "Browser"}, "camera": {"カメラ", "Camera"},
	"shared": {"共用PC：グループとここにある顔の登録の数", "Shared PC: its group, and how many faces lie here"},
}

// finding is what one check found.
type finding struct {
	what  string // a key of looked
	grade grade
	code  string // what is wrong and what to do; "" where nothing is
	fact  string // as measured: a version, a size, a hash

	seen wire.Seen // of what a centre may ask for; it stands in the place of what, code and fact
}

// problem is a finding from an error.
func problem(what string, err error) finding {
	return finding{what: what, grade: hindering, code: sekisho.CodeOf(err)}
}

// errUnfit ends the doctor with a failure: what it found has been printed.
var errUnfit = sekisho.Fail(sekisho.KindConflict, "doctor.unfit")

// patient is what is examined, by what a test can put in its place.
type patient struct {
	dir      string
	settings Settings
	server   string           // host:port; "" where it is not known
	roots    *wire.TrustRoots // pinned; nil before the enrolment
	now      func() time.Time
	tpm      func(ctx context.Context) (devicekey.Facts, error)
	clock    func(ctx context.Context) (time.Time, error)
	browser  func() (string, error)
	cameras  func() ([]inspect.Device, bool)
	free     func(dir string) (uint64, error)
	posture  func(ctx context.Context) wire.PostureReport
	group    string // that shares this PC; "" for one person's
	running  bool   // the agent runs: it holds the desk's port itself
}

// Doctor examines this PC and prints what it finds, in plain words. code may be
// empty: an enrolment code then names no server. It fails if something would
// hinder the PC's use.
func Doctor(ctx context.Context, dir, code string, out io.Writer, language string) error {
	settings, err := LoadSettings(dir)
	if err != nil {
		return err
	}
	p := patient{
		dir: dir, settings: settings, now: time.Now, cameras: inspect.Cameras, free: freeSpace,
		posture: func(ctx context.Context) wire.PostureReport { return inspect.Look(ctx, "") },
		tpm: func(ctx context.Context) (devicekey.Facts, error) {
			return devicekey.Examine(ctx, settings.keyConfig(dir))
		},
		browser: func() (string, error) { return localdoor.Browser{Program: settings.Browser}.Find() },
	}
	if e, err := uplink.LoadEnrolment(dir); err == nil {
		p.server, p.roots, p.group = e.Server, &e.Roots, e.Shared
	}
	if code != "" {
		parsed, err := wire.ParseEnrolmentCode(code)
		if err != nil {
			return err
		}
		p.server, p.roots = parsed.Server, nil
	}
	p.clock = func(ctx context.Context) (time.Time, error) { return uplink.Look(ctx, p.server, p.roots) }
	if r, err := askAgent(ctx, dir, localdoor.Order{Do: "status"}); err == nil && r.Status != nil {
		p.running = true
	}
	return p.report(p.examine(ctx), out, language)
}

func (p patient) examine(ctx context.Context) []finding {
	found := p.examineTPM(ctx)
	found = append(found, p.examineServer(ctx)...)
	found = append(found, p.examineShared()...)
	found = append(found, p.examinePort(), p.examineFolder(), p.examineBrowser(), p.examineCamera())
	return append(found, p.examinePosture(ctx)...)
}

// report prints every finding: the thing, its grade, and where something is to be
// done, what.
func (p patient) report(found []finding, out io.Writer, language string) error {
	english := wire.English(language)
	words, hindered := gradeWords[english], 0
	for _, f := range found {
		if f.seen.Check != "" {
			continue
		}
		name := looked[f.what][0]
		if english {
			name = looked[f.what][1]
		}
		line := fmt.Sprintf("[%s] %s", words[f.grade], name)
		if f.fact != "" {
			line += " " + f.fact
		}
		fmt.Fprintln(out, line)
		if f.code != "" {
			problem := wire.ProblemOf(sekisho.Fail(sekisho.KindConflict, f.code), language)
			fmt.Fprintf(out, "    %s\n    %s\n", problem.Title, problem.Action)
		}
		if f.grade == hindering {
			hindered++
		}
	}
	refusable := tellAsked(found, out, english)
	if hindered == 0 {
		tell(out, "doctor.fit", "", english)
	}
	if refusable != "" {
		tell(out, "doctor.refusable", refusable, english)
	}
	if hindered > 0 {
		return errUnfit
	}
	return nil
}

// tell prints one text, and what it speaks of.
func tell(out io.Writer, code, of string, english bool) {
	text := wire.TextOf(code)
	said := text.JA + text.JADo
	if english {
		said = text.EN + " " + text.ENDo
	}
	fmt.Fprintf(out, "\n%s\n", said)
	if of != "" {
		fmt.Fprintf(out, "    %s\n", of)
	}
}
