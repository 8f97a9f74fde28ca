//! The library's methods: every expression reads, and every name in it means something.

use crate::library::{none, tables};
use qingdan::expression::{AGE, AMOUNT, GENERATED, parse};
use std::collections::BTreeSet;

/// Parameters that only a study can know, and why the library has no value of them.
const LOCAL: &[(&str, &str)] = &[
    ("ash_content", "of the coal that is burnt here; the plants' coal analyses have it"),
    ("fly_ash_share", "of the plant's own grate or burner"),
    ("fly_ash_carbon", "of the plant's own ash"),
    ("fuel_nitrogen", "of the coal that is burnt here"),
    ("nitrogen_conversion", "of the plant's own fire"),
    ("first_removal", "of the plant's first device; the library's removal rates by device are what to copy"),
    ("second_removal", "of the plant's second device"),
    ("third_removal", "of the plant's third device"),
    ("calcium_oxide", "from the works' analyses of clinker or of the fired product"),
    ("magnesium_oxide", "from the works' analyses of clinker or of the fired product"),
    ("cultivation_days", "of rice as it is grown in the district"),
    ("growth_rate", "of the district's forests, from its forest inventory"),
    ("consumption_rate", "of the district's forests, from its forest inventory"),
    ("biomass_loss", "felled and lost in the district's forests"),
    ("protein_supply", "what the district's people are supplied with, from food balances"),
    ("recovered_methane", "drained from the district's own mines and used; the mines report it"),
    ("methane_before_closing", "of the mines that were closed here, from their last years"),
    ("vapour_pressure", "of the petrol sold here, at the temperature of the district"),
    ("recovered_share", "of the depot's own loading racks"),
    ("water_use", "domestic water per head, from the waterworks"),
    ("sulphide_burnt", "of the strontium works: hydrogen sulphide that is burnt"),
    ("sulphide_recovered", "of the strontium works: hydrogen sulphide that becomes sulphur"),
    ("voc_content", "of the paint, ink, glue or solvent, from its data sheet"),
    ("unit_charge", "of the machines that are filled, from their plates"),
    ("alcohol_content", "of the spirits as the statistic counts them"),
    ("silt_loading", "of the district's roads, as swept up"),
    ("vehicle_weight", "mean of the traffic on the road"),
    ("rain_days", "of the place, from its weather station"),
    ("construction_time", "months of the year in which the site is open"),
    ("wind_speed", "at the stockpile"),
    ("material_moisture", "of what is stored"),
    ("mean_temperature", "of the place, from its weather station: chooses the climate column of IPCC tables"),
    ("rainfall", "of the place, from its weather station: chooses the climate column of IPCC tables"),
    ("evapotranspiration", "potential, of the place: chooses the climate column of IPCC tables"),
    ("inflow_cod", "metered where the waste water enters a works or a plant"),
    ("inflow_nh3n", "metered where the waste water enters a works or a plant"),
    ("inflow_tn", "metered where the waste water enters a works or a plant"),
    ("inflow_tp", "metered where the waste water enters a works or a plant"),
    ("reuse_share", "treated water that the works sends to reuse"),
    ("works_electricity", "of the sewage works, from its bills"),
    (
        "grid_emission_factor",
        "the year's and the area's, for works that the row of purchased electricity does not hold",
    ),
    ("feedstock_nitrogen", "of what the biogas plant digests"),
    ("stem_volume_per_area", "of the species' stands, from the forest inventory"),
    ("volume_growth", "of the stands, from the forest inventory"),
    ("expansion_growth", "of the species and its stock, from the forest inventory"),
    ("expansion_removal", "of the species and its stock, from the forest inventory"),
    ("carbon_storage_share", "of the district's own works that use a fuel as raw material: what their products keep"),
    ("disturbed_share", "of the biomass that the fire or the pest destroyed"),
    ("distance_per_vehicle", "km a vehicle drives in a year, from inspections and traffic counts"),
    ("fuel_per_distance", "of the district's vehicles; given only where no fuel row of 1.A.3.b holds the same fuel"),
    ("air_temperature", "of the season or the year, for the corrections of road factors"),
    ("relative_humidity", "of the season or the year, for the corrections of road factors"),
    ("altitude", "of the district's roads"),
    ("mean_speed", "of traffic on the district's roads"),
    ("load_share", "of the district's lorries"),
    ("survival_scale", "of the fleet: years after which 37 % are left"),
    ("survival_shape", "of the fleet"),
    ("system_lagoon", "share of the manure that goes this way on the farms of the district"),
    ("system_liquid_crust", "share of the manure that goes this way on the farms of the district"),
    ("system_liquid", "share of the manure that goes this way on the farms of the district"),
    ("system_solid", "share of the manure that goes this way on the farms of the district"),
    ("system_drylot", "share of the manure that goes this way on the farms of the district"),
    ("system_pit", "share of the manure that goes this way on the farms of the district"),
    ("system_daily_spread", "share of the manure that goes this way on the farms of the district"),
    ("system_digester", "share of the manure that goes this way on the farms of the district"),
    ("system_compost", "share of the manure that goes this way on the farms of the district"),
    ("system_other", "share of the manure that goes this way on the farms of the district"),
    ("system_pasture", "share of the manure that goes this way on the farms of the district"),
    ("system_burned", "share of the manure that goes this way on the farms of the district"),
    ("temperature", "yearly or seasonal mean of the place, in degrees Celsius"),
    ("grazing_share", "of the herds of the district"),
    ("fuel_share", "dung that the district burns"),
    ("nitrogen_dose", "nitrogen per hectare, from the agricultural office"),
    ("deep_share", "of the fertiliser, from the agricultural office"),
    ("returned_share", "of the straw, from the agricultural office"),
    ("burnt_share", "of the straw, in the open"),
    ("dry_yield", "of the crop as it is grown in the district"),
    ("straw_recent", "straw ploughed in shortly before the rice"),
    ("straw_early", "straw ploughed in long before the rice"),
    ("compost", "applied to the rice of the district"),
    ("farmyard_manure", "applied to the rice of the district"),
    ("green_manure", "applied to the rice of the district"),
];

/// Parameters that the library gives and no method uses: what they are for.
const OUTSIDE: &[(&str, &str)] = &[("coal_equivalent", "for those who write amounts in tce by their own sums")];

struct Names {
    given: BTreeSet<String>,
    derived: BTreeSet<String>,
    /// Name and the place of a method that uses it.
    used: Vec<(String, String)>,
}

fn names() -> Names {
    let methods = tables::read("methods");
    let mut used = Vec::new();
    // What is carried elsewhere has no expression.
    for row in methods.iter().filter(|row| !row.get("expression").starts_with("IE:")) {
        let tree = parse(row.get("expression")).unwrap_or_else(|refusal| panic!("{}", row.at(&format!("{refusal:?}"))));
        used.extend(tree.uses().into_iter().map(|name| (name.name, row.at(row.get("method")))));
    }
    let result = methods.iter().map(|row| row.get("result").to_string());
    Names {
        given: tables::parameters().iter().map(|row| row.get("parameter").to_string()).collect(),
        derived: result.filter(|name| name != "emitted").collect(),
        used,
    }
}

#[test]
fn every_name_is_known() {
    let names = names();
    let engine = [AMOUNT, AGE, GENERATED];
    let known = |name: &str| {
        engine.contains(&name)
            || names.given.contains(name)
            || names.derived.contains(name)
            || LOCAL.iter().any(|(local, _)| *local == name)
    };
    let unknown = names.used.iter().filter(|(name, _)| !known(name));
    none("names in expressions", &unknown.map(|(name, place)| format!("{place}: '{name}'")).collect::<Vec<_>>());
}

#[test]
fn what_is_called_local_is_used_and_not_in_the_library() {
    let names = names();
    let mut violations = Vec::new();
    for &(name, _) in LOCAL {
        if names.given.contains(name) {
            violations.push(format!("'{name}' is in the library now"));
        }
        if !names.used.iter().any(|(used, _)| used == name) {
            violations.push(format!("no method uses '{name}'"));
        }
    }
    none("local names", &violations);
}

#[test]
fn every_parameter_of_the_library_is_used() {
    let names = names();
    let used: BTreeSet<&str> = names.used.iter().map(|(name, _)| name.as_str()).collect();
    let idle = names.given.iter().filter(|name| !used.contains(name.as_str()));
    let idle = idle.filter(|name| OUTSIDE.iter().all(|(outside, _)| outside != name));
    none("idle parameters", &idle.cloned().collect::<Vec<_>>());
}

#[test]
fn every_derived_name_is_used() {
    let names = names();
    let used: BTreeSet<&str> = names.used.iter().map(|(name, _)| name.as_str()).collect();
    // Where a gross and a net method are written side by side, `generated` stands for the record only.
    let idle = names.derived.iter().filter(|name| !used.contains(name.as_str()) && *name != GENERATED);
    none("idle derived parameters", &idle.cloned().collect::<Vec<_>>());
}
