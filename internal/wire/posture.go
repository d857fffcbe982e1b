package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
)

// DomainPosture is the domain of PostureReport, signed by the lease key.
const DomainPosture = "sekisho/posture/v1"

// How often an agent reports, and how long a report says anything.
const (
	PostureEvery = time.Minute     // at the latest; at once when something changes
	PostureStale = 3 * time.Minute // older ones count as none
)

// PostureChecks are the questions about a PC, in the order of the screens.
var PostureChecks = []string{
	"disk_encryption", "os_age", "firewall", "firewall_outbound", "antivirus", "screen_lock", "usb_storage",
	"place", "remote_control", "screen_capture", "virtual_camera", "virtual_machine", "agent_version",
}

// PosturePlatforms are the systems that a rule can ask a check on, as GOOS has them.
var PosturePlatforms = []string{"windows", "linux", "darwin"}

// PostureReport is what an agent saw of its PC: POST /posture [agent, quarantine],
// signed. The agent reports what it saw and never a verdict. Two checks have no
// finding: the server judges "agent_version" by Agent and "place" by Network.
type PostureReport struct {
	Connection sekisho.ConnectionID `json:"connection"`
	Number     uint64               `json:"number"`   // 1, 2, … on one connection; an older one is refused
	Platform   string               `json:"platform"` // GOOS
	Agent      string               `json:"agent"`    // version; at most 64 characters
	Findings   []PostureFinding     `json:"findings"` // at most one for each check
	Network    PostureNetwork       `json:"network"`
}

// PostureFinding is one look at the PC. A check without a finding is unknown.
type PostureFinding struct {
	Check string `json:"check"`
	Seen  string `json:"seen"`  // "yes": as it should be, "no", "unknown"
	Value int    `json:"value"` // os_age: days; screen_lock: seconds; else 0
	// Names are what was found of the agent's own lists (programs, cameras,
	// machines): never a word of the PC's. At most 8 of 32 characters.
	Names []string `json:"names"`
	AgoMS int64    `json:"ago_ms"` // how long before the report it was looked at
}

// PostureNetwork is the way to the network. Addresses of radios are reported as
// marks (PlaceMark), so that nobody's home can be looked up by them.
type PostureNetwork struct {
	Link    string   `json:"link"`    // "wired", "wireless", "unknown"
	Router  string   `json:"router"`  // mark of the default gateway's MAC; "" if not known
	Scanned bool     `json:"scanned"` // the access points in reach could be listed
	Around  []string `json:"around"`  // marks of their BSSIDs without the one in use, at most 32
	AgoMS   int64    `json:"ago_ms"`
}

// Bounds of a report.
const (
	maxPostureNames = 8
	maxPostureName  = 32
	MaxAround       = 32
	maxPostureValue = 100_000_000
	maxPostureAgo   = int64(10 * time.Minute / time.Millisecond)
)

// Valid says whether a report is within its bounds. What is not is no report.
func (r PostureReport) Valid() bool {
	if r.Number == 0 || len(r.Platform) > 16 || !ValidText(r.Agent, 64) || len(r.Findings) > len(PostureChecks) {
		return false
	}
	seen := map[string]bool{}
	for _, f := range r.Findings {
		if seen[f.Check] || !f.valid() {
			return false
		}
		seen[f.Check] = true
	}
	return r.Network.valid()
}

func (f PostureFinding) valid() bool {
	for _, n := range f.Names {
		if n == "" || !plainWord(n) {
			return false
		}
	}
	return slices.Contains(PostureChecks, f.Check) && f.Check != "place" && f.Check != "agent_version" &&
		(f.Seen == "yes" || f.Seen == "no" || f.Seen == "unknown") && len(f.Names) <= maxPostureNames &&
		f.Value >= 0 && f.Value <= maxPostureValue && f.AgoMS >= 0 && f.AgoMS <= maxPostureAgo
}

// plainWord keeps what a PC says harmless on every screen and in every log.
func plainWord(s string) bool {
	return len(s) <= maxPostureName && !strings.ContainsFunc(s, func(r rune) bool {
		return r != ' ' && r != '.' && r != '-' && r != '_' && r != '+' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

func (n PostureNetwork) valid() bool {
	for _, m := range n.Around {
		if !ValidMark(m) {
			return false
		}
	}
	return (n.Link == "wired" || n.Link == "wireless" || n.Link == "unknown") && (n.Router == "" || ValidMark(n.Router)) &&
		len(n.Around) <= MaxAround && n.AgoMS >= 0 && n.AgoMS <= maxPostureAgo
}

// PlaceMark is how one PC names a router or an access point: the first 16 bytes
// of SHA-256 over "sekisho/place/v1", the device's id and the address, in hex.
// Two PCs name the same router differently. It is "" for what is no MAC address.
func PlaceMark(device sekisho.DeviceID, mac string) string {
	hw, err := net.ParseMAC(strings.TrimSpace(mac))
	if err != nil || len(hw) != 6 {
		return ""
	}
	sum := sha256.Sum256([]byte("sekisho/place/v1\x00" + string(device) + "\x00" + hw.String()))
	return hex.EncodeToString(sum[:16])
}

// ValidMark says whether s has the form of a PlaceMark.
func ValidMark(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 16 && s == strings.ToLower(s)
}

// PostureRules are what one guard policy asks of its PCs.
type PostureRules struct {
	Policy  sekisho.PolicyName `json:"policy"`
	Version int                `json:"version"` // 0: nothing was ever set, the rules of the place stand
	Rules   []PostureRule      `json:"rules" nullable:"false"`
	Agent   string             `json:"agent"` // agent_version: the oldest version that passes, "1.2.0"
	Places  []PosturePlace     `json:"places" nullable:"false"`
}

// PostureRule is what is asked about one check.
type PostureRule struct {
	Check string   `json:"check"`
	Level string   `json:"level" enum:"off,warn,close"`
	On    []string `json:"on" nullable:"false"` // PosturePlatforms that it is asked on
	Limit int      `json:"limit"`               // os_age: days at most; screen_lock: seconds at most; else 0
}

// PosturePlace is a place that PCs may work at. Routers and surroundings are MAC
// addresses in rules, and marks where they were learnt from one PC's report.
type PosturePlace struct {
	Name    string   `json:"name"`
	Routers []string `json:"routers" nullable:"false"`
	Around  []string `json:"around" nullable:"false"` // of the neighbours, not of the router itself
}

// PostureStanding is how a PC stands by the rules: GET /posture [quarantine].
// Name, Seen and Do are in the asker's language.
type PostureStanding struct {
	At      *time.Time       `json:"at"`      // when the newest report came; null if there is none
	Code    string           `json:"code"`    // "" or why no session may be: posture.missing, posture.stale, posture.refused
	Refused bool             `json:"refused"` // no session opens, and an open one closes
	Checks  []PostureChecked `json:"checks" nullable:"false"`
}

// PostureChecked is one check as it came out.
type PostureChecked struct {
	Check   string     `json:"check"`
	Level   string     `json:"level" enum:"off,warn,close"` // what the rules ask of this PC's system
	Outcome string     `json:"outcome" enum:"pass,fail,unknown"`
	Failing bool       `json:"failing"` // it is asked for, and did not pass
	Name    string     `json:"name"`
	Seen    string     `json:"seen"`
	Do      string     `json:"do"` // "" unless failing
	At      *time.Time `json:"at"` // when it was looked at; null if it never was
}
