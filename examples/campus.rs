//! A university with seasons: one site through holidays, semesters and exam weeks.
//!
//! `cargo run --example campus -- seasons` shows side by side how large it is in each and what that
//! costs; everything else is as with `production.rs`, for the season that `--config season=exams`
//! names.

use std::{collections::BTreeMap, process::ExitCode};

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::{
    analysis::cost::{self, Cost, Prices},
    aws::route53::HostedZone,
    prelude::*,
};
use moodle_infra::{
    BackupSettings, Calendar, Capacity, Domain, MonitoringSettings, Moodle, Season, Seasons,
    SiteCertificate,
};

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("seasons") {
        return match side_by_side() {
            Ok(table) => {
                print(&table);
                ExitCode::SUCCESS
            }
            Err(error) => {
                print(&format!("{error}\n"));
                ExitCode::FAILURE
            }
        };
    }
    let app = App::new("campus").command("cargo run --example campus --").place(SimPlace);
    #[cfg(feature = "aws")]
    let app = app.place(backend_aws::AwsPlace::default());
    app.run(site)
}

#[expect(clippy::print_stdout, reason = "a program of its own, whose result this is")]
fn print(text: &str) {
    print!("{text}");
}

pub(crate) fn site(stack: &Stack) -> Result<(), ProgramError> {
    let season: String = stack.config_or("season", Season::default().name().to_owned())?;
    in_season(stack, season.parse()?)
}

/// The year of the university.
fn calendar() -> Result<Calendar, ProgramError> {
    let calendar = Calendar::new("Europe/Zurich".parse()?)
        .semester("09-14".parse()?, "12-18".parse()?)
        .semester("02-15".parse()?, "05-28".parse()?)
        .exams("01-11".parse()?, "02-05".parse()?, "07:30".parse()?, "18:00".parse()?)?
        .exams("06-07".parse()?, "07-02".parse()?, "07:30".parse()?, "18:00".parse()?)?;
    Ok(calendar)
}

fn in_season(stack: &Stack, season: Season) -> Result<(), ProgramError> {
    let domain: Domain = stack.config_or("domain", "moodle.example.edu".parse()?)?;
    let everyday = Capacity::for_students(stack.config_or("students", 20_000)?);
    let exams = Capacity::for_quiz_peak(stack.config_or("quiz", 4_000)?);
    let seasons = Seasons::new(calendar()?, &everyday, &exams).now(season);

    let zone = HostedZone::named("site").name(domain.as_str()).create(stack);
    let certificate = SiteCertificate::in_zone(stack, "certificate", &domain, &zone);
    let backups =
        BackupSettings { time_zone: "Europe/Zurich".parse()?, ..BackupSettings::default() };
    let site = Moodle::named("site")
        .domain(domain.clone())
        .certificate(certificate.arn())
        .capacity(everyday.clone())
        .season(seasons)
        .backups(backups)
        .monitoring(MonitoringSettings::default().mail_to("operations@example.edu")?)
        .create(stack)?;
    site.balancer.named_in_zone(stack, "site", &domain, &zone);

    everyday.show(stack);
    site.show(stack);
    stack.output("season", season.name());
    stack.output("url", domain.url());
    stack.output("name_servers", zone.name_servers());
    stack.output("balancer", site.balancer.load_balancer.dns_name());
    Ok(())
}

/// The least that there is in each season, component by component, with what it costs in a month.
fn side_by_side() -> Result<String, ProgramError> {
    let prices = Prices::of("eu-central-1").ok_or("there are no prices of eu-central-1")?;
    let mut components: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    for (place, season) in Season::ALL.into_iter().enumerate() {
        let stack = Stack::new("campus", season.name(), Config::default())?;
        in_season(&stack, season)?;
        let cost = Cost::of(&stack.finish(), prices, &[cost::Season::base()]);
        for line in &cost.lines {
            components.entry(line.component()).or_default()[place] += line.amount(0);
        }
    }
    let mut table = format!("{:32}", "USD in a month that is all");
    table.extend(Season::ALL.map(|season| format!("{:>12}", season.name())));
    let mut total = [0.0; 3];
    for (component, amounts) in &components {
        let component = if component.is_empty() { "the stack itself" } else { component };
        table += &format!("\n{component:32}");
        for (sum, amount) in total.iter_mut().zip(amounts) {
            *sum += amount;
            table += &format!("{amount:>12.2}");
        }
    }
    table += &format!("\n{:32}", "altogether");
    table.extend(total.map(|sum| format!("{sum:>12.2}")));
    table += &format!("\n\nPrices of {} on {}.\n", prices.region, prices.date);
    Ok(table)
}
