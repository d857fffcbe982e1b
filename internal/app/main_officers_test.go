package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/twin/sealing"
)

// The console tells two officers which commands open a record. They are run
// here as the page shows them: a flag that is renamed on one side is found.
func TestTheConsolesCommandsOpenARecord(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "..", "web", "apps", "console", "src", "incidents", "commands.ts"))
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("command: `sekisho ([^`]+)`").FindAllStringSubmatch(string(source), -1)
	if len(shown) != 2 {
		t.Fatalf("%d commands were read from the page", len(shown))
	}
	t.Chdir(t.TempDir())
	sekisho := func(line string) (string, int) {
		var out, errs bytes.Buffer
		code := run(context.Background(), strings.Fields(line), &out, &errs, clock.System())
		return out.String() + errs.String(), code
	}
	now := time.Now()
	roster := sealing.Roster{Version: 1, Issued: now, Expires: now.AddDate(1, 0, 0)}
	for _, officer := range []string{"officer-1", "officer-2"} {
		public, code := sekisho("evidence keygen " + officer + ".key")
		if code != 0 {
			t.Fatal(public)
		}
		if err := os.WriteFile(officer+".pub", []byte(public), 0o600); err != nil {
			t.Fatal(err)
		}
		roster.Officers = append(roster.Officers, sealing.Officer{ID: officer, Name: officer, Recipient: strings.TrimSpace(public)})
	}
	picture := []byte{0xff, 0xd8, 0xff, 1, 2, 3}
	sealed, _, err := sealing.Seal(roster, sealing.Manifest{Kind: "incident", At: now}, []sealing.Part{{Name: "camera.jpg", Type: "image/jpeg", Source: "camera", Data: picture}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("0123456789abcdef.sealed", sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	line := func(i int) string {
		return strings.NewReplacer("${file}", "0123456789abcdef.sealed", "${name}", "0123456789abcdef").Replace(shown[i][1])
	}
	if said, code := sekisho(strings.ReplaceAll(line(1), "--share 0123456789abcdef.share ", "")); code == 0 {
		t.Fatalf("one officer alone opened it: %s", said)
	}
	for i := range shown {
		if said, code := sekisho(line(i)); code != 0 {
			t.Fatalf("sekisho %s: %s", line(i), said)
		}
	}
	got, err := os.ReadFile(filepath.Join("0123456789abcdef", "camera.jpg"))
	if err != nil || !bytes.Equal(got, picture) {
		t.Fatalf("the picture did not come out: %v", err)
	}
}
