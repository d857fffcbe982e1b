package web

import (
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

var update = flag.Bool("update", false, "rewrite the shapes that the pages are checked against")

const shapesFile = "packages/wire/testdata/shapes.json"

// The pages mirror these structs by hand (packages/wire); a test over there
// compares its own shapes with this file, so that neither side drifts.
var mirrored = []any{
	wire.LocalTicket{}, wire.LocalBearer{}, wire.LocalStatus{}, wire.LocalModel{}, wire.LocalVerdict{}, wire.LocalProgress{},
	wire.Face{}, wire.Frame{}, wire.PageMessage{}, wire.AgentMessage{}, wire.Problem{},
	wire.Me{}, wire.DeskDevice{}, wire.DeskPerson{}, wire.DeskSession{}, wire.GuardPolicy{}, wire.ConsentText{}, wire.ConsentAnswer{},
	wire.Approval{}, wire.ApprovalRequest{}, wire.DeskDesktop{}, wire.Record{}, wire.Records{}, wire.Event{}, wire.PasskeyOptions{}, wire.PasskeyFinish{}, wire.Objection{},
	wire.Words{}, wire.TrainingDue{}, wire.Training{}, wire.TrainingCourse{}, wire.TrainingAttempt{}, wire.TrainingQuestion{}, wire.TrainingAnswer{},
	wire.TrainingAnswered{}, wire.TrainingResult{}, wire.TrainingDocument{}, wire.RuleDocument{}, wire.RuleChange{}, wire.RuleLine{}, wire.LocalAcknowledge{},
	wire.Practice{}, wire.PracticeScenario{}, wire.PracticeCustomer{}, wire.PracticeCard{}, wire.PracticeRun{}, wire.PracticeTurn{}, wire.PracticeChoice{}, wire.PracticeChosen{},
	wire.PostureStanding{}, wire.PostureChecked{},
	wire.RoomCheck{}, wire.RoomQuestion{}, wire.RoomAnswer{}, wire.RoomDone{}, wire.RoomAnswers{},
}

func TestPagesKnowTheseShapes(t *testing.T) {
	shapes := map[string][]string{}
	for _, v := range mirrored {
		shapes[reflect.TypeOf(v).Name()] = fieldsOf(reflect.TypeOf(v))
	}
	shapes["challenges"] = vigil.Challenges // what a login may ask, the pages must measure and say
	got, err := json.MarshalIndent(shapes, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(shapesFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(shapesFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("internal/wire and %s differ: look into packages/wire, then run go test ./web -update", shapesFile)
	}
}

func fieldsOf(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
