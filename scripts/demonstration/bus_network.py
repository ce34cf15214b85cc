"""Demonstration data: bus routes, stops and the order of stops, as tables, as GeoJSON and as a GTFS feed."""

from __future__ import annotations

import json
from dataclasses import dataclass

from scripts.demonstration.chance import Chance
from scripts.demonstration.containers import to_zip
from scripts.demonstration.places import DISTRICTS, near, place_names
from scripts.files import to_table

FOLDER = "transport/bus-network"
SEED = 20260302
URBAN = DISTRICTS[:3]
STOPS = 120
ROUTES = 18


@dataclass(frozen=True, slots=True)
class Stop:
    id: str
    name: str
    district: str
    longitude: float
    latitude: float
    shelter: bool
    opened: int | None


@dataclass(frozen=True, slots=True)
class Route:
    number: str
    stops: tuple[Stop, ...]
    first: str
    last: str
    headway: int
    fare: str

    @property
    def name(self) -> str:
        return f"{self.stops[0].name}—{self.stops[-1].name}"


def files() -> dict[str, bytes]:
    chance = Chance(SEED)
    stops = invent_stops(chance)
    routes = [invent_route(chance, number, stops) for number in range(1, ROUTES + 1)]
    return {
        f"{FOLDER}/stops.csv": to_stops_table(stops),
        f"{FOLDER}/routes.csv": to_routes_table(routes),
        f"{FOLDER}/route-stops.csv": to_route_stops_table(routes),
        f"{FOLDER}/stops.geojson": to_geojson(stops),
        f"{FOLDER}/gtfs.zip": to_gtfs(stops, routes),
    }


def invent_stops(chance: Chance) -> list[Stop]:
    stops = []
    for number, name in enumerate(place_names(chance, STOPS), start=1):
        district = chance.one_of(URBAN)
        longitude, latitude = near(chance, district, 0.04)
        opened = chance.whole(1998, 2024) if chance.happens(0.85) else None
        stops.append(Stop(f"S{number:04d}", name, district.code, longitude, latitude, chance.happens(0.6), opened))
    return stops


def invent_route(chance: Chance, number: int, stops: list[Stop]) -> Route:
    """A route runs from west to east or back through some stops, so that its line looks plausible on a map."""
    chosen = sorted((stop for stop in stops if chance.happens(0.13)), key=lambda stop: stop.longitude)
    return Route(
        number=f"{number:03d}",
        stops=tuple(chosen if number % 2 else reversed(chosen)),
        first=f"{chance.whole(5, 6):02d}:{chance.one_of((0, 15, 30, 45)):02d}:00",
        last=f"{chance.whole(20, 22):02d}:{chance.one_of((0, 30)):02d}:00",
        headway=chance.one_of((6, 8, 10, 12, 15, 20)),
        fare=chance.one_of(("1.00", "2.00", "2.00", "3.50")),
    )


def to_stops_table(stops: list[Stop]) -> bytes:
    rows = [
        {
            "stop_id": stop.id,
            "name": stop.name,
            "district_code": stop.district,
            "longitude": stop.longitude,
            "latitude": stop.latitude,
            "shelter": stop.shelter,
            "opened": stop.opened,
        }
        for stop in stops
    ]
    return to_table(rows, list(rows[0]))


def to_routes_table(routes: list[Route]) -> bytes:
    rows = [
        {
            "route_id": route.number,
            "name": route.name,
            "first_departure": route.first,
            "last_departure": route.last,
            "headway": route.headway,
            "fare": route.fare,
        }
        for route in routes
    ]
    return to_table(rows, list(rows[0]))


def to_route_stops_table(routes: list[Route]) -> bytes:
    rows = [
        {"route_id": route.number, "sequence": sequence, "stop_id": stop.id}
        for route in routes
        for sequence, stop in enumerate(route.stops, start=1)
    ]
    return to_table(rows, ["route_id", "sequence", "stop_id"])


def to_geojson(stops: list[Stop]) -> bytes:
    features = [
        {
            "type": "Feature",
            "id": stop.id,
            "geometry": {"type": "Point", "coordinates": [stop.longitude, stop.latitude]},
            "properties": {"name": stop.name, "district_code": stop.district, "shelter": stop.shelter},
        }
        for stop in stops
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode()


def to_gtfs(stops: list[Stop], routes: list[Route]) -> bytes:
    """A feed with headways instead of single departures: frequencies.txt tells how often the one trip runs."""
    agency = {
        "agency_id": "demo",
        "agency_name": "江门公交（演示）",
        "agency_url": "https://transport.jiangmen.example/",
        "agency_timezone": "Asia/Shanghai",
        "agency_lang": "zh",
    }
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    calendar = {
        "service_id": "daily",
        **dict.fromkeys(days, 1),
        "start_date": "20260101",
        "end_date": "20261231",
    }
    tables: dict[str, list[dict[str, object]]] = {
        "agency.txt": [dict(agency)],
        "calendar.txt": [dict(calendar)],
        "stops.txt": [
            {"stop_id": stop.id, "stop_name": stop.name, "stop_lat": stop.latitude, "stop_lon": stop.longitude}
            for stop in stops
        ],
        "routes.txt": [
            {
                "route_id": route.number,
                "agency_id": "demo",
                "route_short_name": route.number.lstrip("0"),
                "route_long_name": route.name,
                "route_type": 3,
            }
            for route in routes
        ],
        "trips.txt": [
            {"route_id": route.number, "service_id": "daily", "trip_id": f"T{route.number}"} for route in routes
        ],
        "stop_times.txt": [
            {
                "trip_id": f"T{route.number}",
                "arrival_time": minutes_after(route.first, 3 * position),
                "departure_time": minutes_after(route.first, 3 * position),
                "stop_id": stop.id,
                "stop_sequence": position + 1,
            }
            for route in routes
            for position, stop in enumerate(route.stops)
        ],
        "frequencies.txt": [
            {
                "trip_id": f"T{route.number}",
                "start_time": route.first,
                "end_time": route.last,
                "headway_secs": route.headway * 60,
            }
            for route in routes
        ],
    }
    return to_zip({name: to_table(rows, list(rows[0])) for name, rows in tables.items()})


def minutes_after(time: str, minutes: int) -> str:
    hour, minute, _ = time.split(":")
    total = int(hour) * 60 + int(minute) + minutes
    return f"{total // 60:02d}:{total % 60:02d}:00"
