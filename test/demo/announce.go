package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/sekisho/sekisho/test/centre"
)

// announce prints where to click, in Japanese and English. Every command in it
// works when it is pasted into another terminal.
func announce(c *centre.Centre, pc *centre.PC, models centre.Models, page string, caller []string) {
	server, agent := quoted(filepath.Join(c.Bin, "sekisho")), quoted(filepath.Join(c.Bin, "sekisho-agent"))
	config, officers := quoted(c.Config), filepath.Dir(c.Seeded.OfficerKeys[0])
	fmt.Printf(`
  関所 Sekisho — デモ（架空のデータ） / demonstration, invented data

  オペレーター画面  operator   %s
      30秒以内に1回だけ開けます。新しいアドレスは Enter キーで表示します。 / opens once, within 30 s; press Enter for a fresh address, or paste
      %s open --print --data %s
  管理画面          console    %s

  %s

  1. 管理画面を開き「見本 監督」として入ります（デモだけのログイン）。
     Open the console and enter as 見本 監督, the supervisor (a login that only the demonstration has).
  2. オペレーター画面で「接続」を押し、同意して、立ち会いを依頼します。画面に出る4桁の番号を、監督が管理画面の「承認」で入力して承認します。
     On the operator's page press 接続, consent and ask for a witness; the supervisor types the four digits that the page shows under 承認 and approves.
  3. 顔を登録すると業務デスクトップが開きます。誰かが横からのぞくと、すぐに黒くなります。
     After the face is enrolled the desktop opens. When somebody looks in, it turns black at once.
%s  4. 二人での確認: 「見本 管理」（admin）で検知ポリシー demo の「離席してから閉じるまで（秒）」を30にし、ログアウトして「見本 管理 二」（admin2）で入り、「承認」で確認します。
     Two people: as 見本 管理 (admin) set “Seconds of absence until it closes” of the policy demo to 30; sign out, enter as 見本 管理 二 (admin2) and confirm it under 承認.
  5. 電話: 接続したオペレーターが「電話を開く」を押し、ヘッドセットを確かめて「受付可」にします。別の端末で次を実行すると、架空のお客さまから電話がかかります（2秒のチャイムのあと、列「ご注文」へ）。
     Telephone: once connected, the operator presses 電話を開く, checks the headset and becomes ready. This rings from another terminal as an invented customer (a chime of two seconds, then the queue ご注文):
     %s -to sip:0312345678@%s -from 09012345678 -hold 60s

  記録画像を開く: 責任者2名の鍵は %s にあります（本番では別々の手元に）。
  open the newest sealed record; the two officers' keys lie there (in a real centre each on a machine of his own):
     %s
  監査ログの検証  verify the log:
     %s audit verify --config %s

  Ctrl-C で終了（何も残りません） / ends everything and leaves nothing behind
`, page, agent, quoted(pc.Dir), c.Addresses.ConsoleOrigin, engine(models), camera(pc), words(caller), c.Addresses.SIP, officers, openNewest(c, server), server, config)
}

// openNewest is the command that opens the newest record with both keys.
func openNewest(c *centre.Centre, server string) string {
	keys := []string{}
	for _, key := range c.Seeded.OfficerKeys {
		keys = append(keys, "--key "+quoted(key))
	}
	return fmt.Sprintf(`%s evidence open %s --out %s "$(%s evidence list --config %s | sed -n 's|^ *\(/.*\)|\1|p' | xargs -rd '\n' ls -t | head -n 1)"`,
		server, strings.Join(keys, " "), quoted(filepath.Join(c.Dir, "opened")), server, quoted(c.Config))
}

// engine says what the faces are judged by.
func engine(m centre.Models) string {
	if m.Standard {
		return "顔認証モデル  face models  " + m.Source
	}
	return `デモ用の顔認証エンジンで動いています: 人違いや写真を見分けられません。
  This is the demonstration's face engine: it cannot tell strangers or photographs apart.
  (` + m.Source + ")"
}

// camera says how to try it without one.
func camera(pc *centre.PC) string {
	if pc.Camera != "" && !pc.Open {
		return fmt.Sprintf(`     画面（DISPLAY）がないため、ブラウザーは開かれず、動画は再生されていません。画面のあるところで次を実行し、アドレスを開いてください。
     No display: no browser was opened and the film plays nowhere. Where there is a display, run this and open the address in it:
     chromium --user-data-dir=%s --use-fake-ui-for-media-stream --use-fake-device-for-media-stream --use-file-for-fake-video-capture=%s
`, quoted(filepath.Join(filepath.Dir(pc.Camera), "browser")), quoted(pc.Camera))
	}
	if pc.Camera != "" {
		return ""
	}
	return `     カメラがないときは make run CLIP=動画ファイル / without a camera: make run CLIP=FILM
`
}

// words are a command of a POSIX shell.
func words(command []string) string {
	out := make([]string, len(command))
	for i, one := range command {
		out[i] = quoted(one)
	}
	return strings.Join(out, " ")
}

// quoted is a word of a POSIX shell.
func quoted(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
