package clips

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Part is a stretch of a source.
type Part struct {
	File     string
	From, To float64 // seconds of a film; of a photograph only the length counts
	Crop     string  // ffmpeg crop of a photograph, "w:h:x:y"; it then sways and has a camera's noise
	Gamma    float64 // lights up a dark photograph; 0 leaves it as it is
	Blank    bool    // no source: an empty wall
	State    string
	Beside   *Part // a second picture laid into the upper right corner: somebody beside the operator
}

const form = "fps=30,scale=640:480:force_original_aspect_ratio=decrease,pad=640:480:(ow-iw)/2:(oh-ih)/2:gray,setsar=1,format=yuvj420p"

// Convert makes a camera clip of any film that ffmpeg reads.
func Convert(ctx context.Context, in, out string) error {
	if _, err := os.Stat(in); err != nil {
		return fmt.Errorf("clips: %w", err)
	}
	return ffmpeg(ctx, append(input(in), "-an", "-vf", form, "-q:v", "3", "-f", "mjpeg", out)...)
}

// Compose joins parts into one clip and returns its timeline.
func Compose(ctx context.Context, out string, parts ...Part) (t Timeline, err error) {
	if len(parts) == 0 {
		return t, errors.New("clips: nothing to compose")
	}
	dir, err := os.MkdirTemp("", "sekisho-clip-*")
	if err != nil {
		return t, err
	}
	defer os.RemoveAll(dir)
	t = Timeline{Video: filepath.Base(out), Size: "640x480", FPS: 30}
	var list bytes.Buffer
	at := 0.0
	for i, p := range parts {
		piece := filepath.Join(dir, fmt.Sprintf("%03d.mjpeg", i))
		if err := p.render(ctx, piece); err != nil {
			return t, err
		}
		b, err := os.ReadFile(piece)
		if err != nil {
			return t, err
		}
		list.Write(b) // MJPEG is nothing but pictures one after another
		length := p.To - p.From
		t.Segments = append(t.Segments, Segment{From: at, To: at + length, State: p.State})
		at += length
	}
	return t, os.WriteFile(out, list.Bytes(), 0o644)
}

func (p Part) render(ctx context.Context, out string) error {
	length := strconv.FormatFloat(p.To-p.From, 'f', 3, 64)
	args := append(p.input(), "-t", length)
	filter := "[0:v]" + p.filter() + "[a]"
	last := "[a]"
	if p.Beside != nil {
		args = append(args, p.Beside.input()...)
		filter += ";[1:v]" + p.Beside.filter() + ",scale=200:-2[b];[a][b]overlay=W-w-20:20[c]"
		last = "[c]"
	}
	return ffmpeg(ctx, append(args, "-filter_complex", filter, "-map", last, "-an", "-t", length, "-r", "30", "-q:v", "3", "-f", "mjpeg", out)...)
}

func (p Part) photograph() bool {
	return strings.HasSuffix(p.File, ".jpg") || strings.HasSuffix(p.File, ".png")
}

func (p Part) input() []string {
	if p.Blank {
		return []string{"-f", "lavfi", "-i", "gradients=size=672x504:rate=30:c0=0xb8b0a4:c1=0x9c958c:duration=60:speed=0.00001"}
	}
	if p.photograph() {
		return []string{"-i", p.File} // one picture; the filter repeats it
	}
	return append([]string{"-ss", strconv.FormatFloat(p.From, 'f', 3, 64)}, input(p.File)...)
}

func (p Part) filter() string {
	if !p.photograph() && !p.Blank {
		return form
	}
	f := ""
	if p.Crop != "" {
		f = "crop=" + p.Crop + ","
	}
	if p.Gamma != 0 {
		f += "eq=gamma=" + strconv.FormatFloat(p.Gamma, 'f', 2, 64) + ","
	}
	f += "scale=672:504:force_original_aspect_ratio=increase,"
	if !p.Blank {
		f += "loop=-1:1:0,setpts=N/30/TB," // cut and scaled once, not for every frame
	}
	// A person breathes and a camera has noise: sway a few pixels, add some grain.
	return f + "crop=640:480:x='16+6*sin(t*2.1)':y='12+4*sin(t*1.3)',noise=alls=5:allf=t,fps=30,setsar=1,format=yuvj420p"
}

// input names a file; raw MJPEG carries no rate, ours is 30.
func input(file string) []string {
	if strings.HasSuffix(file, ".mjpeg") {
		return []string{"-f", "mjpeg", "-framerate", "30", "-i", file}
	}
	return []string{"-i", file}
}

func ffmpeg(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "ffmpeg", append([]string{"-v", "error", "-nostdin", "-y"}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("clips: ffmpeg: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}
