# What visitors read: kiosk, paper, boards, phone, rating.

## Units and waiting
unit-people = { $count } orang
unit-minutes = { $count } menit
label-people = { $count ->
   *[other] orang
}
label-minutes = menit
wait-count = { $count } orang menunggu
wait-range = sekitar { $low }–{ $high } menit
wait-within = kurang dari { $high } menit
wait-none = Hampir tanpa antre
wait-unknown = Belum dapat diperkirakan
wait-long = Antrean lama
wait-next = Anda berikutnya
number = Nomor
service = Layanan
counter = Loket
counter-number = Loket { $counter }
date-weekdays = Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu
date-months = Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember
date-day = { $weekday }, { $day } { $month }

## Buttons and states of every page
language = Bahasa
close = Tutup
yes = Ya
no = Tidak
cancel = Batal
connecting = Menghubungkan
live = Langsung
announcement = Pengumuman
evacuate = Ikuti petunjuk dan segera keluar
page-unavailable = Halaman ini tidak dapat ditampilkan. Silakan tanya di meja informasi
system-fault = Saat ini nomor tidak dapat diambil. Silakan tanya di meja informasi

## Kiosk: choosing a service
kiosk-title = Apa keperluan Anda hari ini?
kiosk-hint = Sentuh sekali untuk mencetak nomor
kiosk-waits = Keadaan antrean
kiosk-priority = Prioritas
kiosk-priority-who = 65 tahun ke atas, difabel, ibu hamil, membawa anak kecil
kiosk-priority-choose = Prioritas: pilih layanan
kiosk-appointment = Sudah ada janji
kiosk-help = Minta bantuan
kiosk-help-coming = Petugas segera datang
kiosk-other-services = Layanan lain
kiosk-back = Kembali
kiosk-accessibility = Aksesibilitas
kiosk-big-text = Teks besar
kiosk-contrast = Kontras
kiosk-lower = Turunkan
kiosk-raise = Naikkan
kiosk-audio = Suara
kiosk-use-below = Gunakan tombol di bawah
kiosk-issuing = Mengambil nomor
service-closed = Sudah tutup hari ini
service-opens-at = Mulai dilayani pukul { $time }
service-opens-on = Buka { $day }, { $time }
service-full = Nomor sudah habis
service-late = Perkiraan selesai { $time }
service-ask-staff = Silakan tanya petugas
hall-from = mulai { $time }
no-counter-open = Belum ada loket buka, Anda tetap bisa mengambil nomor
counters-paused = Loket jeda, tetap bisa mengambil nomor
counters-paused-until = Jeda sampai { $time }, tetap bisa mengambil nomor
station-closed = Layanan hari ini sudah selesai
station-hours = Jam layanan { $open }–{ $close }
kiosk-idle = Masih di sini? Layar akan dihapus dalam { $seconds } detik
kiosk-stay = Saya masih di sini
kiosk-offline = Sedang luring, nomor tetap berlaku
kiosk-out-of-order = Mesin ini sedang tidak dipakai
kiosk-use-another = Silakan pakai mesin lain atau tanya petugas

## Kiosk: the ticket
issued-title = Nomor sudah diambil
issued-number = Nomor Anda
issued-ahead = Di depan Anda
issued-wait = Perkiraan tunggu
issued-take = Ambil tiket di bawah
issued-printing = Sedang mencetak
issued-follow = Pantau lewat ponsel
issued-no-app = Tanpa aplikasi
issued-remind = Pengingat saat giliran sudah dekat
issued-see-ahead = Lihat berapa orang di depan Anda
issued-languages = 10 bahasa
issued-prepare = Sambil menunggu, siapkan
issued-change-service = Ganti layanan
issued-removed = Nomor { $number } dibatalkan
issued-more-time = Tambah waktu
issued-done = Selesai
issued-qr = Kode QR halaman ponsel untuk nomor { $number }
paper-out = Kertas habis, nomor Anda tetap berlaku
paper-out-hint = Foto layar ini atau pindai kode QR. Petugas sudah diberi tahu.
printer-fault = Printer rusak, nomor Anda tetap berlaku
printer-fault-hint = Foto layar ini atau pindai kode QR. Petugas sudah diberi tahu.
paper-out-before = Kertas habis, nomor Anda akan tampil di layar ini
printer-fault-before = Printer rusak, nomor Anda akan tampil di layar ini
paper-unknown = Jika kertas tidak keluar, nomor tetap berlaku
paper-unknown-hint = Foto layar ini atau pindai kode QR
paper-ask = Apakah tiket sudah tercetak?
paper-yes = Ya, sudah ada
paper-again = Belum, cetak lagi
paper-sent = Tiket sudah dikirim ke printer
paper-kept = Simpan tiket sampai Anda dipanggil

## Ticket on paper
ticket-number = Nomor Anda
ticket-service = Layanan
ticket-time = Waktu ambil
ticket-ahead = Di depan Anda { $count } orang
ticket-wait = Perkiraan tunggu { $low }–{ $high } menit
ticket-wait-within = Perkiraan tunggu kurang dari { $high } menit
ticket-latest = Paling lambat sekitar { $time }
ticket-missed = Nomor terlewat? Silakan ke meja informasi
ticket-scan = Pindai untuk memantau
ticket-priority = Prioritas
ticket-reprint = Cetak ulang
ticket-offline = Diambil saat luring
ticket-phone = Telepon { $phone }

## Hall board
hall-title = Papan panggilan
hall-number = Nomor
hall-counter = Loket
hall-waits = Keadaan antrean
hall-waiting = Menunggu
hall-now-at = Sampai nomor
hall-expected = Perkiraan
hall-nobody = Tidak ada yang menunggu
hall-call = Nomor { $number }, silakan ke loket { $counter }
hall-second-call = Panggilan kedua
hall-again = Panggilan ke-{ $count }
hall-missed-rule = Nomor terlewat? Lihat tiket atau tanya meja informasi
hall-lost = Papan ini berhenti diperbarui
hall-lost-hint = Dengarkan panggilan petugas atau lihat ponsel Anda
hall-lost-told = Petugas sudah diberi tahu
hall-last-update = Terakhir diperbarui { $time }
hall-stale = Sambungan terputus, nomor mungkin belum terbaru

## Counter display
display-please-come = Silakan datang
display-serving = Sedang melayani
display-paused = Jeda
display-back-at = Jeda, kembali pukul { $time }
display-closed = Silakan ke loket lain
display-open = Buka
display-welcome = Selamat datang, silakan duduk

## Phone page
phone-title = Nomor { $number }
phone-ahead = Di depan Anda
phone-wait = Perkiraan tunggu
phone-you = Anda
phone-waiting = Menunggu
phone-remind = Ingatkan saya saat giliran sudah dekat
phone-remind-hint = Bergetar dan berbunyi saat tersisa { $count } orang
phone-keep-open = Biarkan halaman ini terbuka
phone-seat = Silakan duduk di ruang tunggu
phone-prepare = Siapkan dahulu
phone-let-go = Dahulukan { $count } orang
phone-let-go-done = { $count } orang didahulukan, urutan Anda dihitung dari sana
phone-cancel = Batalkan nomor ini
phone-cancel-sure = Nomor tidak berlaku lagi setelah dibatalkan. Batalkan?
phone-turn = Giliran Anda
phone-go-to = Silakan ke
phone-coming = Saya segera datang
phone-need-time = Mohon tunggu sebentar
phone-counter-waits = Loket menunggu Anda { $minutes } menit
phone-serving = Sedang dilayani
phone-served = Selesai dilayani
phone-thanks = Terima kasih atas kedatangan Anda
phone-rate = Sampaikan pendapat Anda
phone-held = Nomor Anda ditahan, loket akan memanggil lagi
phone-no-show = Nomor Anda terlewat
phone-no-show-hint = Ke meja informasi agar dipanggil lagi
rule-missed = Nomor terlewat? Kembali dalam { $minutes } menit: di belakang { $behind } orang, paling banyak { $times } kali.
rule-missed-again = Terlewat lagi? Kembali dalam { $minutes } menit: di belakang { $behind } orang, sisa { $times } kali.
rule-missed-last = Jangan sampai terlewat lagi: nomor ini tidak dapat kembali.
phone-come-back = Saya kembali, antre lagi
phone-come-back-until = Sebelum { $time } dapat kembali dengan nomor ini, Anda di urutan ke-{ $place }
phone-get-ready = Sebentar lagi giliran Anda, silakan bersiap
phone-room = Silakan menunggu di “{ $room }”
phone-too-late = Nomor ini tidak dapat dipakai lagi. Silakan ambil nomor baru
phone-nobody-behind = Tidak ada yang menunggu di belakang Anda
phone-cancelled = Nomor ini sudah dibatalkan
phone-new-ticket = Ambil nomor baru bila diperlukan
phone-transferred = Dipindahkan ke “{ $service }”, urutan Anda tetap
phone-ended = Layanan hari ini sudah selesai
phone-not-found = Nomor ini tidak ditemukan
phone-not-found-hint = Periksa alamatnya, atau tanya di meja informasi
phone-lost = Luring, data pukul { $time }
phone-no-counter = Belum ada loket yang buka. Nomor Anda tetap berlaku
phone-paused = Loket sedang jeda. Nomor Anda tetap berlaku
phone-paused-until = Loket jeda sampai { $time }. Nomor Anda tetap berlaku
phone-reconnecting = Menghubungkan lagi, dengarkan panggilan di tempat

## Rating
rating-title = Bagaimana pelayanan hari ini?
rating-5 = Sangat puas
rating-4 = Puas
rating-3 = Cukup
rating-2 = Tidak puas
rating-1 = Sangat tidak puas
rating-anonymous = Anonim. Petugas tidak melihat pilihan Anda.
rating-none = Lewati
rating-why = Apa yang perlu diperbaiki?
rating-why-many = Boleh pilih lebih dari satu
rating-reason-waiting = Menunggu terlalu lama
rating-reason-explanation = Penjelasan kurang jelas
rating-reason-attitude = Sikap petugas
rating-reason-place = Tempat dan peralatan
rating-reason-process = Prosedur
rating-reason-manager = Saya ingin bicara dengan pimpinan
rating-send = Kirim
rating-auto-send = Terkirim sendiri dalam { $seconds } detik
rating-thanks = Terima kasih atas masukan Anda
rating-already = Nomor ini sudah dinilai
rating-closed = Kunjungan ini tidak dapat dinilai lagi
rating-lost = Koneksi terputus
rating-kept = Jawaban Anda disimpan dan dikirim setelah tersambung lagi

## Phone page: the way to the counter
phone-direction-left = Ke kiri papan nomor
phone-direction-right = Ke kanan papan nomor
phone-direction-up = Lurus ke depan

## Appointments: booking, the visitor's page, checking in
kiosk-code-title = Silakan masukkan kode janji
kiosk-code-hint = 4 sampai 6 angka yang Anda terima, atau pindai kode janji
kiosk-code-delete = Hapus
kiosk-code-go = Lapor datang
booking-title = Buat janji
booking-hint = Tanpa nama dan nomor telepon: cukup kode untuk lapor datang
booking-choose-service = Silakan pilih layanan
booking-choose-day = Silakan pilih tanggal
booking-choose-time = Silakan pilih jam
booking-none = Tidak ada jam yang bisa dipesan pada hari ini
booking-closed = Tutup
booking-full = Penuh
booking-left = Sisa { $count }
booking-refused = Jam ini sudah tidak bisa dipesan: silakan pilih jam lain
booking-off = Kantor ini tidak menerima janji lewat web: silakan tanya di meja layanan
appointment-title = Janji Anda
appointment-code = Kode Anda
appointment-keep = Silakan catat kodenya, atau simpan gambar di halaman ini
appointment-window = Silakan lapor datang antara { $from } dan { $until }
appointment-on-time = Lapor sebelum { $time }, antrean dihitung dari jam janji
appointment-where = Silakan masukkan kode di mesin nomor, atau pindai gambarnya
appointment-check-in = Saya sudah datang
appointment-cancel = Batalkan janji
appointment-cancel-sure = Jam ini akan diberikan kepada orang lain
appointment-cancelled = Janji ini sudah dibatalkan
appointment-early = Belum waktunya lapor datang: silakan kembali nanti
appointment-missed = Waktu lapor sudah lewat: silakan ambil nomor biasa
appointment-closed-day = Kantor tutup pada waktu ini: mohon batalkan dan pilih waktu lain
appointment-done = Janji ini sudah dilaporkan: silakan lihat nomor Anda
appointment-unknown = Janji tidak ditemukan: silakan periksa kodenya
appointment-tries = Terlalu banyak kode salah: tunggu satu menit, atau tanya di meja layanan
## Why somebody is called first, and the rule in force
why-title = Mengapa { $number } dipanggil lebih dulu?
why-picked = Petugas loket memilih { $number }.
why-urgent = { $number } keadaan mendesak, disetujui atasan untuk dipanggil dahulu.
why-sent-back = { $number } kembali dari loket { $counter } dan dipanggil dahulu.
why-came-first = { $number } diambil lebih awal, jadi dipanggil lebih dulu.
why-counted-earliest = { $number } dihitung seperti diambil pukul { $time }, paling awal, jadi dipanggil lebih dulu.
why-head-start = { $number } ({ $class }) dihitung seperti diambil { $minutes } menit lebih awal, jadi dipanggil lebih dulu.
why-rank = { $number } ({ $class }) dipanggil sebelum { $passed }.
why-points = { $number } ({ $class }) punya { $points } poin tunggu, lebih dari { $passed }, jadi dipanggil lebih dulu.
why-turn = Sekarang giliran { $class }, jadi { $number } dipanggil lebih dulu.
rule-fcfs = Cara kami memanggil: menurut urutan pengambilan nomor.
rule-head-start = Cara kami memanggil: menurut urutan pengambilan nomor; { $classes }.
rule-head-start-class = { $class } dihitung seperti diambil { $minutes } menit lebih awal
rule-strict = Cara kami memanggil: { $order } secara berurutan; dalam satu jenis menurut urutan pengambilan nomor.
rule-points = Cara kami memanggil: makin lama menunggu makin banyak poin, poin terbanyak dulu; { $classes }.
rule-points-class = { $class } { $points } poin per menit
rule-ratio = Cara kami memanggil: { $priority } { $others }, lalu { $regular } { $class }, bergantian; dalam satu jenis menurut urutan pengambilan nomor.

# Zones and the identity check
zone-wait-in = Silakan tunggu di { $zone }
identity-first = Tunjukkan dokumen dulu di: { $place }. Setelah itu nomor Anda dapat dipanggil
phone-get-ready-in = Sebentar lagi giliran Anda, silakan ke { $zone }
identity-document_missing = Tidak ada dokumen
identity-document_expired = Dokumen sudah kedaluwarsa
identity-not_the_holder = Dokumen milik orang lain
identity-not_entitled = Layanan ini tidak tersedia untuk Anda
identity-other = Pemeriksaan dokumen tidak lolos
