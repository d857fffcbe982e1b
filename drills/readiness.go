package drills

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"

	"github.com/sekisho/sekisho/internal/wire"
)

// where is what a telephone writes into a photograph: the place it was taken at.
const where = "35.681236N 139.767125E"

// photograph is a JPEG of a room, with its place in an EXIF segment.
func photograph() ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 640, 480)), nil); err != nil {
		return nil, err
	}
	raw, exif := b.Bytes(), "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x00"+where
	out := binary.BigEndian.AppendUint16(append(bytes.Clone(raw[:2]), 0xff, 0xe1), uint16(len(exif)+2))
	return append(append(out, exif...), raw[2:]...), nil
}

// atHome brings somebody to a live session.
func (f *Field) atHome(ctx context.Context) (person string, s *session, err error) {
	if person, err = f.Person(ctx); err != nil {
		return "", nil, err
	}
	s, err = f.workAs(ctx, person, "demo", nil)
	return person, s, err
}

// roomAnswers says yes to everything that is asked of the session's room.
func roomAnswers(ctx context.Context, s *session, photo []byte) (in wire.RoomAnswers, err error) {
	var asked wire.RoomCheck
	if err := s.Call(ctx, http.MethodGet, "room", nil, &asked); err != nil {
		return in, err
	}
	in = wire.RoomAnswers{Rules: asked.Rules, Photo: photo}
	for _, q := range asked.Questions {
		in.Answers = append(in.Answers, wire.RoomAnswer{Question: q.ID, Yes: true})
	}
	return in, nil
}

// roomOf gives the newest self-check of somebody, as a supervisor reads it.
func roomOf(ctx context.Context, v visitor, person string) (id string, err error) {
	body, _, err := v.read(ctx, "readiness/people/"+person)
	if err != nil {
		return "", err
	}
	var view struct {
		Checks []struct {
			ID string `json:"id"`
		} `json:"checks"`
	}
	if err := json.Unmarshal([]byte(body), &view); err != nil {
		return "", err
	}
	if len(view.Checks) == 0 {
		return "", nil
	}
	return view.Checks[0].ID, nil
}

// photographedRoom is a self-check with a photograph that says where it was taken.
type photographedRoom struct {
	person string
	raw    []byte
	photo  string   // where whoever may is shown the photograph
	sv     *visitor // a supervisor
}

// photographed sends such a self-check, as no page of ours would, and finds it.
func (f *Field) photographed(ctx context.Context) (room photographedRoom, err error) {
	person, s, err := f.atHome(ctx)
	if err != nil {
		return room, err
	}
	defer s.Close()
	raw, err := photograph()
	if err != nil {
		return room, err
	}
	in, err := roomAnswers(ctx, s, raw)
	if err != nil {
		return room, err
	}
	if err := s.Call(ctx, http.MethodPost, "room", in, nil); err != nil {
		return room, err
	}
	sv, err := f.visitorAs(ctx, f.Seeded.People["supervisor"])
	if err != nil {
		return room, err
	}
	id, err := roomOf(ctx, sv, person)
	return photographedRoom{person, raw, "readiness/checks/" + id + "/photo", &sv}, err
}

// locatedPhotograph sends a photograph that says where it was taken, as no page of
// ours would, and looks at what a supervisor is shown.
func locatedPhotograph(ctx context.Context, f *Field, r *Result) error {
	room, err := f.photographed(ctx)
	if err != nil {
		return err
	}
	res, err := room.sv.send(ctx, http.MethodPost, room.photo, map[string]any{})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var shown struct {
		JPEG []byte `json:"jpeg"`
	}
	if err := json.NewDecoder(res.Body).Decode(&shown); err != nil {
		return err
	}
	_, unreadable := jpeg.Decode(bytes.NewReader(shown.JPEG))
	row, err := f.Audit(ctx, "readiness.photo_viewed", func(row Row) bool { return row.ObjectID == room.person })
	r.Refused = !bytes.Contains(shown.JPEG, []byte("Exif")) && !bytes.Contains(shown.JPEG, []byte(where))
	r.Control = unreadable == nil && bytes.Contains(room.raw, []byte(where)) && err == nil
	r.Evidence = fmt.Sprintf("%d bytes with a place were sent, %d without came back; %s", len(room.raw), len(shown.JPEG), row)
	return err
}

// foreignPhotograph asks for another client's readiness and for photographs as
// whoever must not have them.
func foreignPhotograph(ctx context.Context, f *Field, r *Result) error {
	room, err := f.photographed(ctx)
	if err != nil {
		return err
	}
	a, err := f.company(ctx)
	if err != nil {
		return err
	}
	b, err := f.company(ctx)
	if err != nil {
		return err
	}
	own, err := f.visitorAs(ctx, a.auditor)
	if err != nil {
		return err
	}
	codes := []string{
		own.ask(ctx, http.MethodPost, room.photo, map[string]any{}),
		own.ask(ctx, http.MethodGet, "readiness/people/"+a.operator, nil),
		own.ask(ctx, http.MethodGet, "readiness/checks", nil),
	}
	for _, login := range []string{"officer1", "auditor"} {
		v, err := f.visitorAs(ctx, f.Seeded.People[login])
		if err != nil {
			return err
		}
		codes = append(codes, v.ask(ctx, http.MethodPost, room.photo, map[string]any{}))
	}
	other := own.ask(ctx, http.MethodGet, "readiness/clients/"+b.client, nil)
	whole, _, err := own.read(ctx, "readiness")
	r.Refused = all(codes, "console.role_missing") && other == "request.not_found" && !strings.Contains(whole, b.operator) && !strings.Contains(whole, "\"siem\"")
	r.Control = err == nil && own.ask(ctx, http.MethodGet, "readiness/clients/"+a.client, nil) == "200" && room.sv.ask(ctx, http.MethodPost, room.photo, map[string]any{}) == "200"
	r.Evidence = fmt.Sprintf("photograph and people: %v; another client's readiness: %s", codes, other)
	return err
}

// foreignRoom tries to write and to decide a self-check that is somebody else's,
// or nobody's.
func foreignRoom(ctx context.Context, f *Field, r *Result) error {
	person, s, err := f.atHome(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	in, err := roomAnswers(ctx, s, nil)
	if err != nil {
		return err
	}
	victim := f.Seeded.People["operator2"]
	named := map[string]any{"rules": in.Rules, "answers": in.Answers, "remark": "", "photo": "", "person": victim}
	asOther := answerCode(s.Call(ctx, http.MethodPost, "room", named, nil))
	waiting, err := f.connect(ctx) // in quarantine nobody's face was seen
	if err != nil {
		return err
	}
	defer waiting.Close()
	quarantine := answerCode(waiting.Call(ctx, http.MethodPost, "room", in, nil))
	if err := s.Call(ctx, http.MethodPost, "room", in, nil); err != nil {
		return err
	}
	sv, err := f.visitorAs(ctx, f.Seeded.People["supervisor"])
	if err != nil {
		return err
	}
	theirs, err := roomOf(ctx, sv, victim)
	if err != nil {
		return err
	}
	mine, err := roomOf(ctx, sv, person)
	if err != nil {
		return err
	}
	row, err := f.Audit(ctx, "readiness.checked", func(row Row) bool { return row.ObjectID == person })
	decide := "readiness/checks/" + mine + "/decide"
	officer, errO := f.visitorAs(ctx, f.Seeded.People["officer1"])
	if errO != nil {
		return errO
	}
	refused := officer.ask(ctx, http.MethodPost, decide, map[string]any{"accept": true, "note": ""})
	r.Refused = asOther == "request.malformed" && quarantine == "session.required" && theirs == "" && refused == "console.role_missing"
	r.Control = err == nil && mine != "" && sv.ask(ctx, http.MethodPost, decide, map[string]any{"accept": true, "note": ""}) == "204"
	r.Evidence = fmt.Sprintf("in another's name: %s; in quarantine: %s; decided by an officer: %s; %s", asOther, quarantine, refused, row)
	return err
}

// noPhotograph sends what is no photograph, or too much of one.
func noPhotograph(ctx context.Context, f *Field, r *Result) error {
	s, err := f.work(ctx, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	var other, wide bytes.Buffer
	if err := png.Encode(&other, image.NewGray(image.Rect(0, 0, 200, 200))); err != nil {
		return err
	}
	if err := jpeg.Encode(&wide, image.NewGray(image.Rect(0, 0, 2000, 200)), nil); err != nil {
		return err
	}
	good, err := photograph()
	if err != nil {
		return err
	}
	immense := bytes.Clone(good)
	if i := bytes.Index(immense, []byte{0xff, 0xc0}); i > 0 { // the frame header says how large it is
		binary.BigEndian.PutUint32(immense[i+5:], 0xffff_ffff)
	}
	send := func(photo []byte) string {
		in, err := roomAnswers(ctx, s, photo)
		if err != nil {
			return err.Error()
		}
		return answerCode(s.Call(ctx, http.MethodPost, "room", in, nil))
	}
	codes := map[string]string{
		"a page": send([]byte("<html><script>alert(1)</script>")), "another kind": send(other.Bytes()), "cut off": send(good[:200]),
		"too wide": send(wide.Bytes()), "says it is immense": send(immense), "too many bytes": send(append(bytes.Clone(good), make([]byte, 60<<10)...)),
		"more than a request": send(make([]byte, 400<<10)),
	}
	r.Refused = codes["a page"] == "readiness.photo" && codes["another kind"] == "readiness.photo" && codes["cut off"] == "readiness.photo" &&
		codes["too wide"] == "readiness.photo_large" && codes["says it is immense"] == "readiness.photo_large" &&
		codes["too many bytes"] == "readiness.photo_large" && codes["more than a request"] == "request.too_large"
	in, err := roomAnswers(ctx, s, good)
	if err != nil {
		return err
	}
	r.Control = s.Call(ctx, http.MethodPost, "room", in, nil) == nil
	r.Evidence = fmt.Sprint(codes)
	return nil
}
