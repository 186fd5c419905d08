//! Everything on one machine: the server, and the agents as child processes of the same program. The only module that
//! knows the agents' crates.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use agent::TOKEN_VARIABLE;
use agent::command_line::Given;
use agent::parent::{PARENT_VARIABLE, end_with_parent, own_pid};
use anyhow::Context;
use axum::serve::ListenerExt;
use queue_core::{Actor, Command, Envelope, StaffId, StationPlan};
use sha2::{Digest, Sha256};
use station_config::{AccessRole, AccessToken, DemoProfile, StationFile};
use tokio::net::TcpListener;

use crate::access::{AccessStore, Attempts, Credential, PinGuard, Role, StaffMember};
use crate::app::{App, Station};
use crate::appointments::AppointmentGuard;
use crate::cli::{Agent, AgentArgs, DemoArgs};
use crate::demo::{ACTOR, Bench, Demo, Found, PIN_HASH, STAFF, TOKENS, claim, look_into, may_hold};
use crate::hub::{self, Hub};
use crate::paper::TicketPapers;
use crate::person::PersonKeys;
use crate::writer::{Lane, SystemClock, Writer, WriterConfig};
use crate::{http, people};

/// Exit code when the disk refused a write: the supervisor starts the program again, which is the normal start.
const EXIT_STORAGE: u8 = 75;

/// Wrong enrolment codes from one address after which it has to wait: of 100 million codes hardly any is right.
const ENROLMENT_FAILURES_MAX: u32 = 10;
/// How long, milliseconds.
const ENROLMENT_PAUSE_MS: i64 = 60_000;

/// How a station is started.
struct Start {
    file: StationFile,
    /// Where that was read; empty: it is built in.
    file_name: PathBuf,
    data_dir: PathBuf,
    /// Which demo station; none: a real one.
    demo: Option<DemoProfile>,
    agents: Vec<Agent>,
    people_speed: Option<u32>,
}

/// `demo`.
pub(crate) fn demo(arguments: DemoArgs) -> anyhow::Result<ExitCode> {
    if !arguments.listen.ip().is_loopback() {
        anyhow::bail!(
            "the demo publishes its credentials and listens on loopback only, not on {}; \
             use `serve` with a station file of your own",
            arguments.listen
        );
    }
    let found = look_into(&arguments.data)?;
    if found == Found::AStation {
        anyhow::bail!(
            "{} holds the data of a station, and the demo would let anybody in with the credentials it publishes: \
             choose another directory with --data, or start the station with `serve`",
            arguments.data.display()
        );
    }
    let profile = arguments.profile;
    may_hold(&arguments.data, profile)?;
    let name = format!("{profile}.toml");
    let mut file = StationFile::parse(&name, profile.station())?;
    // Imported days keep the hours they had.
    let kept = match found {
        Found::Ours { timezone } => Some(timezone),
        Found::Nothing | Found::AStation => None,
    };
    if let Some(timezone) = kept.or(arguments.timezone) {
        crate::zone::Zone::named(&timezone)?;
        file.station.timezone = timezone;
    }
    add_demo_access(&mut file)?;
    crate::demo::offer_hours_around_now(&mut file);
    to_the_end(async {
        let listener = agent::listen(arguments.listen).await?;
        let address = listener.local_addr()?;
        file.station.listen = address;
        file.station.public_url = format!("http://{address}");
        file.station.server_url = None;
        // The agents' pages next to the station's, where those ports are free. Not where any port was asked for: what the
        // system gives then has neighbours that it lends to outgoing connections.
        for (offset, listen) in (1_u16..).zip(agent_addresses(&mut file)) {
            let wanted = (address.ip(), address.port().saturating_add(offset)).into();
            let is_free = || std::net::TcpListener::bind(wanted).is_ok();
            *listen = if arguments.listen.port() != 0 && is_free() {
                wanted
            } else {
                (address.ip(), 0).into()
            };
        }
        let agents = if arguments.no_agents {
            vec![]
        } else {
            vec![Agent::Kiosk, Agent::Display]
        };
        let start = Start {
            file_name: PathBuf::new(),
            file,
            data_dir: arguments.data,
            demo: Some(profile),
            agents,
            people_speed: arguments.people.then_some(arguments.speed),
        };
        run(start, listener).await
    })
}

/// `serve`.
pub(crate) fn serve(config: &Path, data_dir: &Path, with: &[Agent]) -> anyhow::Result<ExitCode> {
    let (file, warnings) = match StationFile::load_with_warnings(config) {
        Ok(read) => read,
        Err(errors) => {
            eprintln!("{errors}");
            return Ok(ExitCode::FAILURE);
        }
    };
    for warning in warnings {
        eprintln!("warning: {warning}");
    }
    let start = Start {
        file,
        file_name: config.to_owned(),
        data_dir: data_dir.to_owned(),
        demo: None,
        agents: with.to_vec(),
        people_speed: None,
    };
    one_address_each(&start.file, with)?;
    to_the_end(async {
        let listener = agent::listen(start.file.station.listen).await?;
        run(start, listener).await
    })
}

/// How long work that cannot be interrupted (a long report, a look over the database) may hold up the end.
const LAST_WORK_WITHIN: Duration = Duration::from_secs(2);

/// Runs one of the long-lived programs on a runtime of its own. Nothing that still runs when it ends keeps the process:
/// whoever stops a station waits for the journal alone.
fn to_the_end<T>(program: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    init_log();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(program);
    runtime.shutdown_timeout(LAST_WORK_WITHIN);
    ended
}

fn init_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("STATION_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // A second call, as from a test, finds the log set up.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .try_init();
}

async fn run(start: Start, listener: TcpListener) -> anyhow::Result<ExitCode> {
    let Start {
        mut file,
        file_name,
        data_dir,
        demo: profile,
        agents,
        people_speed,
    } = start;
    let address = listener.local_addr()?;
    // The port that was found where 0 was asked for: the agents read it.
    file.station.listen.set_port(address.port());
    let agent_tokens = add_agent_tokens(&mut file, &agents)?;
    let (stop, mut stopped) = tokio::sync::mpsc::channel::<String>(1);
    let (writer, live, thread) = Writer::start(WriterConfig {
        data_dir: data_dir.clone(),
        station: file.info().name.zh().to_owned(),
        plan: plan_at_speed(&file, people_speed.unwrap_or(1)),
        timezone: file.station.timezone.clone(),
        auto_day: true,
        schedule: file.schedule(),
        sessions: file.session_times(),
        clock: Arc::new(SystemClock::new()),
        on_fatal: Box::new(move |why| {
            // The first reason is enough.
            let _ = stop.try_send(why.to_owned());
        }),
    })?;
    // Only now is the data directory this process's own: another one's devices are not touched.
    let is_demo = profile.is_some();
    let demo = profile.map(|profile| {
        claim(&data_dir, profile)?;
        let bench = simulate_devices(&mut file, &data_dir, &agents)?;
        anyhow::Ok(Demo {
            profile,
            bench,
            people_speed,
        })
    });
    let demo = demo.transpose()?;
    let timezone = live.zone().time_zone().clone();
    let access = AccessStore::open(&data_dir, &credentials(&file)?, staff(&file))?;
    let app: App = Arc::new(Station {
        writer,
        live,
        info: file.info(),
        profiles: file.profile_names(),
        kiosks: file
            .kiosks
            .iter()
            .map(|k| (k.id.clone(), file.kiosk_number(&k.id)))
            .collect(),
        displays: file.displays.iter().map(|d| d.id.clone()).collect(),
        device_names: file.device_names(),
        display_zones: file
            .displays
            .iter()
            .filter_map(|d| Some((d.id.clone(), d.zone.clone()?)))
            .collect(),
        timezone,
        access,
        appointments: AppointmentGuard::default(),
        pins: PinGuard::default(),
        enrolments: Attempts::new(ENROLMENT_FAILURES_MAX, ENROLMENT_PAUSE_MS),
        hub: Hub::default(),
        reports: Arc::new(crate::reports::Reports::open(&data_dir)?),
        tickets: TicketPapers::of(&file, &file_name),
        earlier_days: crate::pages::EarlierDays::default(),
        persons: PersonKeys::open(&data_dir)?,
        schedule: file.schedule(),
        data_dir: data_dir.clone(),
        demo,
    });
    if is_demo {
        open_demo_counters(&app).await;
        if let Some(bench) = app.demo.as_ref().and_then(|d| d.bench.as_ref()) {
            watch_bench(&app, bench);
        }
    }
    look_over_database(&app);
    tokio::spawn(hub::run(app.clone()));
    tokio::spawn(hub::run_faults(app.clone()));
    // A folder of their own: the station's file and profiles may be in the data directory.
    let for_agents = data_dir.join("agents");
    let config = for_agents.join("station.toml");
    if !agents.is_empty() {
        let text = file.to_toml()?;
        std::fs::create_dir_all(&for_agents)
            .and_then(|()| std::fs::write(&config, &text))
            .and_then(|()| file.device_profiles.put_beside(&for_agents))
            .with_context(|| format!("cannot write {}", config.display()))?;
    }
    for (agent, id, token) in agent_tokens {
        tokio::spawn(keep_agent(
            agent,
            id,
            token,
            config.clone(),
            data_dir.to_owned(),
        ));
    }
    if let Some((profile, speed)) = profile.zip(people_speed) {
        tokio::spawn(people::run(app.clone(), profile, speed));
    }
    let told_to_end = told_to_end()?;
    announce(&app, address, is_demo);
    // An answer is a few hundred bytes and must not wait for more to fill the packet.
    let listener = listener.tap_io(|connection| {
        if let Err(e) = connection.set_nodelay(true) {
            tracing::debug!("no-delay: {e}");
        }
    });
    let server = axum::serve(
        listener,
        http::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>(),
    );
    let code = tokio::select! {
        served = server.into_future() => {
            served?;
            ExitCode::SUCCESS
        }
        why = stopped.recv() => {
            eprintln!("error: the journal cannot be written: {}", why.unwrap_or_default());
            app.hub.say_goodbye().await;
            return Ok(ExitCode::from(EXIT_STORAGE));
        }
        () = told_to_end => ExitCode::SUCCESS,
    };
    app.hub.say_goodbye().await;
    app.writer.stop();
    let joined = tokio::task::spawn_blocking(move || thread.join()).await?;
    if joined.is_err() {
        anyhow::bail!("the writer stopped unexpectedly");
    }
    Ok(code)
}

/// With agents, a simulated device in the place of every placeholder of `file`.
fn simulate_devices(
    file: &mut StationFile,
    data_dir: &Path,
    agents: &[Agent],
) -> anyhow::Result<Option<Bench>> {
    match agents {
        [] => Ok(None),
        _ => Bench::start(file, data_dir).map(Some),
    }
}

/// What a class that goes first is ahead at least, however fast the people are: the rule speaks of minutes.
const CREDIT_MIN_S: u32 = 60;

/// The plan in force. People who act `speed` times faster are handled that much faster, and the first forecasts know it.
fn plan_at_speed(file: &StationFile, speed: u32) -> StationPlan {
    let mut plan = file.plan();
    for service in plan.services.values_mut() {
        service.expected_handling_s = (service.expected_handling_s / speed).max(1);
    }
    for counter in plan.counters.values_mut() {
        counter.overflow_delay_s /= speed;
    }
    let no_show = &mut plan.rules.no_show;
    no_show.recall_after_s = (no_show.recall_after_s / speed).max(1);
    // In the same measure as the waits; a class that goes first still does.
    for class in plan.classes.values_mut().filter(|c| c.credit_s > 0) {
        class.credit_s = (class.credit_s / speed).max(CREDIT_MIN_S);
    }
    plan
}

fn announce(app: &App, address: SocketAddr, is_demo: bool) {
    let name = app.info.name.zh();
    let english = app.info.name.get("en");
    let hint = if is_demo {
        "Demo: credentials are on that page. Stop with Ctrl-C.\n"
    } else {
        ""
    };
    let text = format!("{name} ({english})\nhttp://{address}/\n{hint}");
    // A station works on whether or not anybody reads this.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Is ready when the process is told to end. It listens from the call on, so that nobody who has read the address is too
/// early with it.
fn told_to_end() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// The demo's counters stand open when its first day begins, so that a newcomer's first ticket can be called at once.
async fn open_demo_counters(app: &App) {
    let closed: Vec<_> = {
        let engine = app.live.engine();
        if engine.tickets().next().is_some() {
            return;
        }
        engine.counters().map(|c| c.id.clone()).collect()
    };
    for counter in closed {
        let command = Command::OpenCounter {
            counter,
            staff: None,
        };
        let envelope = Envelope {
            command_ref: None,
            actor: Actor(ACTOR.into()),
            command,
        };
        if let Err(e) = app.writer.submit(Lane::Housekeeping, envelope).await {
            tracing::warn!("the demo's counters stay closed: {e}");
        }
    }
}

/// Reads the whole database over beside the work, so that damage is known on the day it happens and not when a report
/// fails; reading a year takes too long to wait for it.
fn look_over_database(app: &App) {
    let app = app.clone();
    tokio::task::spawn_blocking(move || match app.reports.damage() {
        Ok(None) => {}
        Ok(Some(damage)) => {
            let fault = format!(
                "the database is damaged ({damage}): stop the station and restore the last backup"
            );
            tracing::error!("{fault}");
            app.live.set_storage_fault(&fault);
        }
        Err(e) => tracing::warn!("the database could not be looked over: {e}"),
    });
}

/// Tells the bench page whenever a simulated device changes.
fn watch_bench(app: &App, bench: &Bench) {
    fn follow<T: Send + Sync + 'static>(app: &App, mut seen: tokio::sync::watch::Receiver<T>) {
        let app = app.clone();
        tokio::spawn(async move {
            while seen.changed().await.is_ok() {
                app.hub.pulse_bench();
            }
        });
    }
    follow(app, bench.printer.watch());
    follow(app, bench.line.watch_frames());
    follow(app, bench.pads_line.watch_frames());
    for counter in &bench.counters {
        follow(app, counter.panel.watch());
        follow(app, counter.pad.watch());
    }
}

/// The server and the agents beside it cannot share an address.
fn one_address_each(file: &StationFile, agents: &[Agent]) -> anyhow::Result<()> {
    let kiosks = file
        .kiosks
        .iter()
        .filter(|_| agents.contains(&Agent::Kiosk));
    let kiosks = kiosks.map(|k| (format!("kiosk {}", k.id), k.listen));
    let displays = file
        .displays
        .iter()
        .filter(|_| agents.contains(&Agent::Display));
    let displays = displays.map(|d| (format!("display {}", d.id), d.listen));
    let mut taken = BTreeMap::from([(file.station.listen, "the server".to_owned())]);
    for (who, address) in kiosks.chain(displays).filter(|(_, a)| a.port() != 0) {
        if let Some(other) = taken.insert(address, who.clone()) {
            anyhow::bail!(
                "{who} and {other} both have `listen = \"{address}\"`: give each that runs here an address of its own"
            );
        }
    }
    Ok(())
}

fn agent_addresses(file: &mut StationFile) -> impl Iterator<Item = &mut SocketAddr> {
    let kiosks = file.kiosks.iter_mut().map(|k| &mut k.listen);
    kiosks.chain(file.displays.iter_mut().map(|d| &mut d.listen))
}

fn add_demo_access(file: &mut StationFile) -> anyhow::Result<()> {
    for demo in TOKENS {
        file.access.tokens.push(AccessToken {
            name: demo.token.to_owned(),
            role: access_role(demo.role),
            device: None,
            token_sha256: sha256_hex(demo.token),
        });
    }
    for (id, name, role) in STAFF {
        file.staff.push(station_config::Staff {
            id: StaffId::new(id)?,
            name: name.to_owned(),
            role: access_role(role),
            pin_hash: Some(PIN_HASH.to_owned()),
            password_hash: None,
        });
    }
    Ok(())
}

/// A fresh token for every agent this process runs itself.
fn add_agent_tokens(
    file: &mut StationFile,
    agents: &[Agent],
) -> anyhow::Result<Vec<(Agent, String, String)>> {
    let mut wanted = Vec::new();
    if agents.contains(&Agent::Kiosk) {
        wanted.extend(file.kiosks.iter().map(|k| (Agent::Kiosk, k.id.clone())));
    }
    if agents.contains(&Agent::Display) {
        wanted.extend(file.displays.iter().map(|d| (Agent::Display, d.id.clone())));
    }
    let mut tokens = Vec::new();
    for (agent, id) in wanted {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
        let token: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        let role = match agent {
            Agent::Kiosk => Role::Kiosk,
            Agent::Display => Role::Display,
        };
        file.access.tokens.push(AccessToken {
            name: id.clone(),
            role: access_role(role),
            device: Some(id.clone()),
            token_sha256: sha256_hex(&token),
        });
        tokens.push((agent, id, token));
    }
    Ok(tokens)
}

fn access_role(role: Role) -> AccessRole {
    match role {
        Role::Kiosk => AccessRole::Kiosk,
        Role::Display => AccessRole::Display,
        Role::Public | Role::Counter => AccessRole::Counter,
        Role::Greeter => AccessRole::Greeter,
        Role::Chief => AccessRole::Chief,
        Role::Administrator => AccessRole::Administrator,
    }
}

fn role(role: AccessRole) -> Role {
    match role {
        AccessRole::Kiosk => Role::Kiosk,
        AccessRole::Display => Role::Display,
        AccessRole::Counter => Role::Counter,
        AccessRole::Greeter => Role::Greeter,
        AccessRole::Chief => Role::Chief,
        AccessRole::Administrator => Role::Administrator,
    }
}

fn sha256_hex(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

fn credentials(file: &StationFile) -> anyhow::Result<Vec<Credential>> {
    file.access
        .tokens
        .iter()
        .map(|token| {
            let mut hash = [0_u8; 32];
            for (i, byte) in hash.iter_mut().enumerate() {
                let pair = token
                    .token_sha256
                    .get(2 * i..2 * i + 2)
                    .context("a token hash is too short")?;
                *byte = u8::from_str_radix(pair, 16).context("a token hash is not hexadecimal")?;
            }
            Ok(Credential {
                name: token.name.clone(),
                role: role(token.role),
                device: token.device.clone(),
                token_sha256: hash,
            })
        })
        .collect()
}

fn staff(file: &StationFile) -> Vec<StaffMember> {
    let member = |s: &station_config::Staff| StaffMember {
        id: s.id.clone(),
        name: s.name.clone(),
        role: role(s.role),
        pin_phc: s.pin_hash.clone(),
        password_phc: s.password_hash.clone(),
    };
    file.staff.iter().map(member).collect()
}

/// Runs an agent as a child process for as long as this one lives, and starts it again when it ends.
async fn keep_agent(agent: Agent, id: String, token: String, config: PathBuf, data: PathBuf) {
    let verb = match agent {
        Agent::Kiosk => "agent-kiosk",
        Agent::Display => "agent-display",
    };
    let mut delay = Duration::from_millis(500);
    loop {
        let program = match std::env::current_exe() {
            Ok(program) => program,
            Err(e) => {
                tracing::error!("agent {id}: this program cannot find itself: {e}");
                return;
            }
        };
        let mut command = tokio::process::Command::new(program);
        command
            .arg(verb)
            .arg("--config")
            .arg(&config)
            .arg("--id")
            .arg(&id)
            .arg("--data")
            .arg(&data);
        command
            .env(TOKEN_VARIABLE, &token)
            .env(PARENT_VARIABLE, own_pid())
            .kill_on_drop(true);
        let started = tokio::time::Instant::now();
        match command.status().await {
            Ok(status) => tracing::warn!("agent {id} ended: {status}"),
            Err(e) => tracing::error!("agent {id} did not start: {e}"),
        }
        if started.elapsed() > Duration::from_secs(30) {
            delay = Duration::from_millis(500);
        }
        tokio::time::sleep(delay).await;
        delay = (delay * 2).min(Duration::from_secs(10));
    }
}

/// `agent-kiosk`.
pub(crate) fn agent_kiosk(args: AgentArgs) -> anyhow::Result<ExitCode> {
    let (file, given) = as_agent(args)?;
    let settings = kiosk::KioskSettings::from_station(&file, given)?;
    to_the_end(kiosk::run(settings))?;
    Ok(ExitCode::SUCCESS)
}

/// `agent-display`.
pub(crate) fn agent_display(args: AgentArgs) -> anyhow::Result<ExitCode> {
    let (file, given) = as_agent(args)?;
    let settings = display::DisplaySettings::from_station(&file, given)?;
    to_the_end(display::run(settings))?;
    Ok(ExitCode::SUCCESS)
}

/// This process lives as long as its parent, which has told it in the environment by which token it is known.
fn as_agent(args: AgentArgs) -> anyhow::Result<(StationFile, Given)> {
    end_with_parent()?;
    let token =
        std::env::var(TOKEN_VARIABLE).with_context(|| format!("{TOKEN_VARIABLE} is not set"))?;
    let given = Given {
        id: Some(args.id),
        token,
        data: args.data,
    };
    Ok((StationFile::load(&args.config)?, given))
}
