# What an operator of the demonstration sees on the virtual desktop: an invented
# reception list whose clock and marked line move. Everything in it is invented.
bar='\033[48;5;25;97m' row='\033[48;5;255;38;5;236m' mark='\033[48;5;153;38;5;17m' head='\033[48;5;252;38;5;240m' foot='\033[48;5;255;38;5;244m' end='\033[K\033[0m\n'
line() { printf "%b $2%b" "$1" "$end"; }
list='00041  10:12  注文の変更     見本 一郎様   対応中
00042  10:15  配送の確認     例示 花子様   折り返し待ち
00043  10:17  返品の申込み   架空 次郎様   対応済み
00044  10:21  請求の照会     仮名 美咲様   対応済み
00045  10:24  住所の変更     模擬 大輔様   担当へ引継ぎ
00046  10:26  商品の案内     試作 由紀様   対応中
00047  10:29  会員の登録     例題 健様     対応済み
00048  10:33  注文の取消し   見本 さくら様 折り返し待ち
00049  10:35  配送の確認     架空 誠様     対応中'
printf '\033[?25l'
n=0
while :; do
  printf '\033[H'
  line "$bar" ""
  line "$bar" "  架空コールセンター  受付一覧                               $(date +%H:%M:%S)"
  line "$bar" ""
  line "$row" ""
  line "$head" "  番号   時刻   用件           お客様        状況"
  line "$row" ""
  i=0
  printf '%s\n' "$list" | while IFS= read -r entry; do
    paint=$row
    [ "$i" -eq $((n / 4 % 9)) ] && paint=$mark
    line "$paint" "  $entry"
    line "$row" ""
    i=$((i + 1))
  done
  line "$foot" "  見本データ: 人物も受付も実在しません。"
  printf '%b\033[J' "$row"
  n=$((n + 1))
  sleep 1
done
