package console_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/api/console"
)

var update = flag.Bool("update", false, "write openapi.json anew")

// TestOpenAPI: the description that the pages' types are made from is the
// door's own. After a change: make generate, which writes this file and the
// types made of it (web/apps/console/src/api/schema.d.ts); npm run check compares them.
func TestOpenAPI(t *testing.T) {
	got := console.OpenAPI()
	if *update {
		must(t, os.WriteFile("openapi.json", got, 0o644))
	}
	if want := made(os.ReadFile("openapi.json"))(t); !bytes.Equal(got, want) {
		t.Error("openapi.json is out of date; run with -update")
	}
	for _, foreign := range []string{"ErrorModel", "$schema"} {
		if bytes.Contains(got, []byte(foreign)) {
			t.Errorf("the description speaks of %s", foreign)
		}
	}
	var doc struct {
		Components struct{ Schemas map[string]any }
	}
	must(t, json.Unmarshal(got, &doc))
	noNullLists(t, "schemas", doc.Components.Schemas)
}

// noNullLists fails for a list that may be null: lists never are.
func noNullLists(t *testing.T, at string, v any) {
	switch v := v.(type) {
	case map[string]any:
		if kinds, ok := v["type"].([]any); ok {
			for _, k := range kinds {
				if k == "array" {
					t.Errorf("%s: a list that may be null", at)
				}
			}
		}
		for name, child := range v {
			noNullLists(t, at+"."+name, child)
		}
	case []any:
		for _, child := range v {
			noNullLists(t, at, child)
		}
	}
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

func TestOperationsAreSaidInWords(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]struct {
			Summary     string `json:"summary"`
			Description string `json:"description"`
			Parameters  []struct{ Name, In string }
		} `json:"paths"`
	}
	must(t, json.Unmarshal(console.OpenAPI(), &doc))
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if op.Summary == "" || !strings.HasPrefix(op.Description, "For:") {
				t.Errorf("%s %s has no words", method, path)
			}
			// huma passes over the fields of an unexported embedded input without a word.
			for _, name := range placeholder.FindAllStringSubmatch(path, -1) {
				if !slices.ContainsFunc(op.Parameters, func(p struct{ Name, In string }) bool { return p.In == "path" && p.Name == name[1] }) {
					t.Errorf("%s %s does not read {%s}", method, path, name[1])
				}
			}
		}
	}
}
