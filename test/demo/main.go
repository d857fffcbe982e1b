// Command demo is `make run`: it starts a demonstration centre on loopback —
// server, one issued PC, a virtual desktop, invented people — prints where to
// click, and on Ctrl-C ends everything and removes what it made.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/clips"
)

func main() {
	clip := flag.String("clip", "", "play this film as the camera (any file that ffmpeg reads)")
	keep := flag.Bool("keep", false, "keep the data folder afterwards")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *clip, *keep); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, clip string, keep bool) error {
	dir, err := os.MkdirTemp("", "sekisho-demo-")
	if err != nil {
		return err
	}
	if keep {
		defer fmt.Println("data kept in", dir)
	} else {
		defer os.RemoveAll(dir)
	}
	step := func(ja, en string) { fmt.Printf("  %s  %s\n", ja, en) }

	step("サーバーを起動しています…", "starting the server")
	c, err := centre.Start(ctx, centre.Options{Dir: dir, Console: preferred("127.0.0.1:8080")})
	if err != nil {
		return err
	}
	defer c.Close()

	step("仮想デスクトップを起動しています…", "starting the virtual desktop")
	d, err := centre.StartDesktop(ctx, filepath.Join(dir, "desktop"))
	if err != nil {
		return err
	}
	defer d.Close()
	if err := c.Name(ctx, d, "業務デスクトップ 1", "operator"); err != nil {
		return err
	}

	step("見本のPCを貸与しています…", "issuing the demonstration's PC")
	port := 7777
	if !free("127.0.0.1:7777") {
		port = 0
	}
	o := centre.PCOptions{Tag: "DEMO-PC-01", Person: "operator", Policy: "demo", Port: port, Open: display() || clip != ""}
	if clip != "" {
		film := filepath.Join(dir, "camera.mjpeg")
		if err := clips.Convert(ctx, clip, film); err != nil {
			return err
		}
		o.Camera = film
	}
	pc, err := c.Issue(ctx, o)
	if err != nil {
		return err
	}
	defer pc.Close()
	page, err := pc.Start(ctx)
	if err != nil {
		return err
	}
	announce(c, pc, page)
	select {
	case <-ctx.Done():
	case <-c.Server.Done():
		return errors.New("the server ended:\n" + c.Server.Tail())
	case <-pc.Agent.Done():
		return errors.New("the agent ended:\n" + pc.Agent.Tail())
	}
	fmt.Println("\n  終了しています…  ending")
	return nil
}

func announce(c *centre.Centre, pc *centre.PC, page string) {
	fmt.Printf(`
  関所 Sekisho — デモ（架空のデータ） / demonstration, invented data

  オペレーター画面  operator   %s
  管理画面          console    %s

  1. 管理画面を開き「見本 監督」として入ります（デモだけのログイン）。
     Open the console and enter as 見本 監督, the supervisor (a login that only the demonstration has).
  2. オペレーター画面で「接続」を押し、同意して、顔を登録します。監督が「承認」で番号を確かめて承認します。
     On the operator's page press 接続, consent and enrol your face; the supervisor approves under 承認.
  3. 顔認証が済むと業務デスクトップが開きます。誰かが横からのぞくと、すぐに黒くなります。
     After the face check the desktop opens. When somebody looks in, it turns black at once.

  記録画像を開く  open sealed records (two officers):
     bin/sekisho evidence list --config %s
  監査ログの検証  verify the log:
     bin/sekisho audit verify --config %s

  Ctrl-C で終了（何も残りません） / ends everything and leaves nothing behind
`, page, c.Addresses.ConsoleOrigin, c.Config, c.Config)
}

func display() bool { return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" }

func free(addr string) bool {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return false
	}
	return l.Close() == nil
}

// preferred is addr if nobody has it, else a free port.
func preferred(addr string) string {
	if free(addr) {
		return addr
	}
	return ""
}
