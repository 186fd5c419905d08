//! What each figure means, in one sentence, in Chinese and English: the text behind "how is this counted?" on a page.

/// A published figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// `issued`
    Issued,
    /// `called`
    Called,
    /// `served`
    Served,
    /// `issued_persons`
    IssuedPersons,
    /// `served_persons`
    ServedPersons,
    /// `no_show`
    NoShow,
    /// `abandoned`
    Abandoned,
    /// `cancelled`
    Cancelled,
    /// `open`
    Open,
    /// `closed_by_day_end`
    ClosedByDayEnd,
    /// `wait`
    Wait,
    /// `wait_last`
    WaitLast,
    /// `wait_including_abandoned`
    WaitIncludingAbandoned,
    /// `wait.within_standard`
    WithinStandard,
    /// `wait.with_standard`
    WithStandard,
    /// `walk`
    Walk,
    /// `started_inferred`
    StartedInferred,
    /// `handling`
    Handling,
    /// `stay`
    Stay,
    /// `counter_open_s`
    CounterOpen,
    /// `throughput_per_open_hour`
    Throughput,
    /// `persons_per_open_hour`
    PersonsThroughput,
    /// `occupancy`
    Occupancy,
    /// `balance.expected_s`
    ExpectedLoad,
    /// `balance.gini`
    Gini,
    /// `no_show_rate`
    NoShowRate,
    /// `abandoned_rate`
    AbandonedRate,
    /// `rating.n`
    RatingCount,
    /// `rating.invited`
    RatingInvited,
    /// `rating.uninvited`
    RatingUninvited,
    /// `rating.response_rate`
    ResponseRate,
    /// `rating.mean`
    RatingMean,
    /// `rating.top2`
    TopTwo,
    /// `rating.counts`
    RatingCounts,
    /// `anomalies`
    Anomalies,
    /// `n`
    Count,
    /// `censored`
    Censored,
    /// `mean_s`
    Mean,
    /// `median_s`
    Median,
    /// `p80_s`
    P80,
    /// `p90_s`
    P90,
    /// `p95_s`
    P95,
    /// `max_s`
    Max,
}

impl Figure {
    /// Every figure, in the order of the published fields.
    pub const ALL: [Self; 43] = [
        Self::Issued,
        Self::Called,
        Self::Served,
        Self::IssuedPersons,
        Self::ServedPersons,
        Self::NoShow,
        Self::Abandoned,
        Self::Cancelled,
        Self::Open,
        Self::ClosedByDayEnd,
        Self::Wait,
        Self::WaitLast,
        Self::WaitIncludingAbandoned,
        Self::WithinStandard,
        Self::WithStandard,
        Self::Walk,
        Self::StartedInferred,
        Self::Handling,
        Self::Stay,
        Self::CounterOpen,
        Self::Throughput,
        Self::PersonsThroughput,
        Self::Occupancy,
        Self::ExpectedLoad,
        Self::Gini,
        Self::NoShowRate,
        Self::AbandonedRate,
        Self::RatingCount,
        Self::RatingInvited,
        Self::RatingUninvited,
        Self::ResponseRate,
        Self::RatingMean,
        Self::TopTwo,
        Self::RatingCounts,
        Self::Anomalies,
        Self::Count,
        Self::Censored,
        Self::Mean,
        Self::Median,
        Self::P80,
        Self::P90,
        Self::P95,
        Self::Max,
    ];
}

/// The meaning of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name in the published JSON: the path from the row (`rating.top2`), or the bare field name for the members
    /// that every distribution has (`median_s`).
    pub key: &'static str,
    /// One sentence in Traditional Chinese.
    pub zh: &'static str,
    /// One sentence in English.
    pub en: &'static str,
}

/// Where a ticket is counted, whatever the rows of a report stand for.
pub const ATTRIBUTION: Definition = Definition {
    key: "by",
    zh: "歸屬：號碼牌的所有數字，都計入取號的那一天與那個鐘點（以服務站的時區為準），業務計入最後的業務（一次辦理多項或多站者，計入最先要辦的業務），櫃台與人員計入最後叫號者；轉號的辦理時間則各歸實際辦理的櫃台與人員，各算一次辦理。",
    en: "All figures of a ticket belong to the day and hour of its issue, in the station's time zone, to the service it was last in (of a visit with several matters or stations, the first one asked for), and to the counter and staff of its last call; the handling of a visitor who was transferred belongs to each counter and person who did it, as one handling each.",
};

/// What is counted, under the level `visit` and under the level `leg`.
pub const LEVEL: Definition = Definition {
    key: "level",
    zh: "計算單位：以「來訪」計，一張號碼牌只算一次，等候自取號算到第一次叫號；以「單項辦理」計，每一項業務、每一站、每次轉號前的辦理各算一次，歸入該項業務與辦理的櫃台，等候自排入該項起算到該項第一次叫號，原櫃台續辦者沒有等候。評價只計入來訪。",
    en: "What is counted: as visits, each ticket once, its wait from the issue to the first call; as legs, each matter, each station and each handling before a transfer by itself, in its own service, counter and hour, its wait from joining its line to its own first call, with none where the counter kept the visitor. Ratings are of visits only.",
};

/// What `figure` means. These sentences are the contract; the computation in [`super::Accumulator`] follows them.
pub const fn definition(figure: Figure) -> Definition {
    match figure {
        Figure::Issued => Definition {
            key: "issued",
            zh: "取號張數：每張號碼牌只算一次，歸入取號當天與當時的鐘點。",
            en: "Tickets issued, each counted once, in the business day and hour of its issue.",
        },
        Figure::Called => Definition {
            key: "called",
            zh: "叫過號的張數：至少叫過一次號的號碼牌，重叫不重複計。",
            en: "Tickets called at least once; a recall does not count again.",
        },
        Figure::Served => Definition {
            key: "served",
            zh: "辦畢張數：已辦理完成的號碼牌。",
            en: "Tickets that were served to the end.",
        },
        Figure::IssuedPersons => Definition {
            key: "issued_persons",
            zh: "取號人數：號碼牌所代表的人數合計；一張號碼牌代表一人，除非取號時另選人數。",
            en: "Persons the issued tickets stand for; a ticket stands for one unless more were chosen at its issue.",
        },
        Figure::ServedPersons => Definition {
            key: "served_persons",
            zh: "辦畢人數：已辦理完成的號碼牌所代表的人數合計。",
            en: "Persons the served tickets stand for.",
        },
        Figure::NoShow => Definition {
            key: "no_show",
            zh: "未到張數：叫號後一直沒有到，或預留梯次座位而沒有報到，以未到結案的號碼牌。",
            en: "Tickets that were called and did not come, or kept a seat of a session and did not check in.",
        },
        Figure::Abandoned => Definition {
            key: "abandoned",
            zh: "離開張數：沒有辦理就離開或結案的號碼牌，不含未到與取消。",
            en: "Tickets that ended without service, other than no-shows and cancellations.",
        },
        Figure::Cancelled => Definition {
            key: "cancelled",
            zh: "取消張數：由來賓或工作人員取消的號碼牌。",
            en: "Tickets cancelled by the visitor or by staff.",
        },
        Figure::Open => Definition {
            key: "open",
            zh: "未結張數：還在等候、叫號、辦理或保留中的號碼牌。",
            en: "Tickets not ended yet: waiting, called, being served or on hold.",
        },
        Figure::ClosedByDayEnd => Definition {
            key: "closed_by_day_end",
            zh: "日終結案張數：到當天關閉時才由系統結案的號碼牌；結束時間不可信，所以不列入辦理、停留與離開前等候，只在這裡計數。",
            en: "Tickets ended only by the close of the business day; their end says nothing, so they are left out of handling, stay and waits until leaving, and counted here instead.",
        },
        Figure::Wait => Definition {
            key: "wait",
            zh: "等候時間：從取號到第一次叫號；凡叫過號的都算，0 秒也算，之後的重叫不影響。",
            en: "Waiting time: from issue to the first call, for every ticket ever called, zero waits included; later recalls do not change it.",
        },
        Figure::WaitLast => Definition {
            key: "wait_last",
            zh: "末次叫號等候：從取號到開始辦理前的最後一次叫號；凡叫過號的都算。",
            en: "Wait to the last call: from issue to the last call before the service started, for every ticket ever called.",
        },
        Figure::WaitIncludingAbandoned => Definition {
            key: "wait_including_abandoned",
            zh: "含離開者的等候：等候時間，再加上沒等到叫號就離開者等到離開為止的時間（censored 為其人數，實際需等更久）。",
            en: "Wait including the abandoned: the waiting times joined with the time until leaving of those who left uncalled (their number is `censored`; a call would have taken longer).",
        },
        Figure::WithinStandard => Definition {
            key: "wait.within_standard",
            zh: "達標率：等候時間不超過該業務等候標準的比率，以叫過號且業務訂有標準者為分母。",
            en: "Share of called tickets whose wait was within the standard of their service, among those whose service has one.",
        },
        Figure::WithStandard => Definition {
            key: "wait.with_standard",
            zh: "達標率的分母：叫過號且業務訂有等候標準的張數。",
            en: "Called tickets whose service has a waiting standard: what the share within it is a share of.",
        },
        Figure::Walk => Definition {
            key: "walk",
            zh: "走到櫃台的時間：從開始辦理前的最後一次叫號到開始辦理；開始時間是推定的不算。",
            en: "Walk: from the last call before the service to its start; inferred starts are left out.",
        },
        Figure::StartedInferred => Definition {
            key: "started_inferred",
            zh: "推定開始張數：沒有按開始、開始時間由系統推定的號碼牌，不列入走到櫃台的時間。",
            en: "Tickets whose start nobody pressed and the system inferred; left out of the walk.",
        },
        Figure::Handling => Definition {
            key: "handling",
            zh: "辦理時間：在各櫃台、各項業務辦理的時間合計，不含保留；日終結案者不算。",
            en: "Handling time: the time at counters summed over all sessions and services of the ticket, holds excluded; tickets closed by the day's end are left out.",
        },
        Figure::Stay => Definition {
            key: "stay",
            zh: "停留時間：從取號到辦畢，只算辦畢且不是日終結案的號碼牌。",
            en: "Stay: from issue to finish, for served tickets not closed by the day's end.",
        },
        Figure::CounterOpen => Definition {
            key: "counter_open_s",
            zh: "開櫃時間：各櫃台開放時間合計，不含暫停。",
            en: "Time counters were open, summed over counters, pauses excluded.",
        },
        Figure::Throughput => Definition {
            key: "throughput_per_open_hour",
            zh: "每開櫃小時辦畢張數：辦畢張數除以開櫃小時數。",
            en: "Served tickets divided by the hours counters were open.",
        },
        Figure::PersonsThroughput => Definition {
            key: "persons_per_open_hour",
            zh: "每開櫃小時辦畢人數：辦畢人數除以開櫃小時數。",
            en: "Served persons divided by the hours counters were open.",
        },
        Figure::Occupancy => Definition {
            key: "occupancy",
            zh: "忙碌率：辦理時間合計除以開櫃時間；按鐘點看沒有這個數字，因為辦理時間計入取號的鐘點。",
            en: "Total handling time divided by the time counters were open; there is none by hour, because handling belongs to the hour of issue.",
        },
        Figure::ExpectedLoad => Definition {
            key: "balance.expected_s",
            zh: "加權工作量：櫃台辦畢的號碼牌，每張以該業務在所有櫃台的平均辦理時間計，所以承辦較費時業務的櫃台不會顯得清閒。",
            en: "Weighted load: the tickets a counter has served, each counted as long as its service takes on average at all counters, so that a counter with longer services does not look idle.",
        },
        Figure::Gini => Definition {
            key: "balance.gini",
            zh: "均衡度（吉尼係數）：各櫃台每開櫃小時加權工作量的差異，0 為完全平均，愈接近 1 愈不平均；小於 0.15 屬一般。開櫃不到半小時的櫃台不算。",
            en: "Balance (Gini coefficient) of the weighted load per open hour of the counters: 0 is even, towards 1 is uneven; under 0.15 is usual. Counters open for less than half an hour are left out.",
        },
        Figure::NoShowRate => Definition {
            key: "no_show_rate",
            zh: "未到率：叫過號的號碼牌中，以未到結案的比率。",
            en: "Share of the tickets ever called that ended as no-show.",
        },
        Figure::AbandonedRate => Definition {
            key: "abandoned_rate",
            zh: "離開率：取號的號碼牌中，沒有辦理就離開或結案的比率，不含未到與取消。",
            en: "Share of the tickets issued that ended without service, other than no-shows and cancellations.",
        },
        Figure::RatingCount => Definition {
            key: "rating.n",
            zh: "評分數：收到的評分，每張號碼牌最多一次。",
            en: "Ratings given, at most one per ticket.",
        },
        Figure::RatingInvited => Definition {
            key: "rating.invited",
            zh: "邀請數：請來賓評分的號碼牌張數。",
            en: "Tickets whose visitor was asked for a rating.",
        },
        Figure::RatingUninvited => Definition {
            key: "rating.uninvited",
            zh: "未受邀評分數：沒有受邀而自行評分的數目，已含在評分數內。",
            en: "Ratings of visitors who were not asked, part of the number of ratings.",
        },
        Figure::ResponseRate => Definition {
            key: "rating.response_rate",
            zh: "回覆率：受邀評分者中有評分的比率。",
            en: "Share of the visitors asked for a rating who gave one.",
        },
        Figure::RatingMean => Definition {
            key: "rating.mean",
            zh: "平均分數：1 到 5 分的算術平均；請連同評分數與回覆率一起看。",
            en: "Arithmetic mean of the scores 1 to 5; read it with the number of ratings and the response rate.",
        },
        Figure::TopTwo => Definition {
            key: "rating.top2",
            zh: "滿意度：給 4 分或 5 分的比率，附 Wilson 法 95 % 信賴區間。",
            en: "Satisfied: share of scores 4 and 5, with its 95 % Wilson interval.",
        },
        Figure::RatingCounts => Definition {
            key: "rating.counts",
            zh: "分數分布：給 1、2、3、4、5 分的各有幾個。",
            en: "How many ratings of 1, 2, 3, 4 and 5.",
        },
        Figure::Anomalies => Definition {
            key: "anomalies",
            zh: "異常時間數：紀錄中為負（以 0 計）或超過 49 天（以上限計）的時間個數。",
            en: "Recorded times that cannot be true: negative (counted as 0) or over 49 days (counted as that).",
        },
        Figure::Count => Definition {
            key: "n",
            zh: "個數：這項時間有紀錄的號碼牌張數，其餘各欄都由這些張算出。",
            en: "How many tickets have this time on record; the other columns are over exactly these.",
        },
        Figure::Censored => Definition {
            key: "censored",
            zh: "其中沒等到叫號就離開的人數。",
            en: "How many of them left before a call.",
        },
        Figure::Mean => Definition {
            key: "mean_s",
            zh: "平均：所有單筆時間直接平均，不是平均的平均。",
            en: "Arithmetic mean of all single times, never a mean of means.",
        },
        Figure::Median => Definition {
            key: "median_s",
            zh: "中位數：一半的人不超過這個時間。",
            en: "Median: half of the people had at most this.",
        },
        Figure::P80 => Definition {
            key: "p80_s",
            zh: "第 80 百分位：八成的人不超過這個時間（第 7 型分位數）。",
            en: "80th percentile: eight in ten people had at most this (type-7 quantile).",
        },
        Figure::P90 => Definition {
            key: "p90_s",
            zh: "第 90 百分位：九成的人不超過這個時間（第 7 型分位數）。",
            en: "90th percentile: nine in ten people had at most this (type-7 quantile).",
        },
        Figure::P95 => Definition {
            key: "p95_s",
            zh: "第 95 百分位：百人中有 95 人不超過這個時間（第 7 型分位數）。",
            en: "95th percentile: 95 in 100 people had at most this (type-7 quantile).",
        },
        Figure::Max => Definition {
            key: "max_s",
            zh: "最長：單筆最長的時間，不是最大的平均。",
            en: "The longest single time, not the largest average.",
        },
    }
}
