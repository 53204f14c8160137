//! Taking back what was done to the render queue.

use serde_json::{Value as Json, json};

use crate::changed_since::by_somebody;
use crate::client::{Client, Start};
use crate::media::film;

/// A server with two timelines, the second one shown, and a job of each: the part of the first, and the whole second.
fn queued() -> (Client, [Json; 2]) {
    let mut client = Start::engine().initialized();
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    let directory = client.home().to_owned();
    let jobs = [
        json!({"file_name": "part", "format": "mov", "codec": "ProRes422HQ", "mark_in": 4, "mark_out": 20}),
        json!({"file_name": "whole", "format": "mp4", "codec": "H264", "width": 320, "height": 180}),
    ];
    let jobs = jobs.map(|mut render| {
        client.call("create_timeline", json!({"name": render["file_name"]}));
        let range = json!([{"media_pool_item": clip, "start": 0, "end": 24}]);
        client.call("append_to_timeline", json!({"clips": range}));
        render["directory"] = json!(directory);
        client.call("queue_render", render)["job"].clone()
    });
    (client, jobs)
}

fn project(client: &mut Client, method: &str, args: Json) -> Json {
    let call = json!({"method": format!("Project.{method}"), "args": args, "confirm": true});
    client.call("api_call", call)["value"].take()
}

/// The jobs by the name of their timeline, without what is another one each time.
fn jobs(client: &mut Client) -> Json {
    let mut jobs = project(client, "GetRenderJobList", json!([]));
    let list = jobs.as_array_mut().expect("jobs");
    for job in list.iter_mut().filter_map(Json::as_object_mut) {
        job.remove("JobId");
        job.remove("RenderJobName");
    }
    list.sort_by_key(|job| job["TimelineName"].to_string());
    jobs
}

/// What the queue told of the jobs is what it tells of them again, and the Deliver page and the timeline are as they were.
#[test]
fn deleted_jobs_are_queued_again() {
    let (mut client, [part, _whole]) = queued();
    let stage = |client: &mut Client| {
        let seen = ["GetCurrentRenderFormatAndCodec", "GetCurrentRenderMode", "GetCurrentTimeline"];
        let seen = seen.map(|method| project(client, method, json!([])));
        let marks = client.call("api_call", json!({"method": "Timeline.GetMarkInOut"}))["value"].clone();
        let page = client.call("api_call", json!({"method": "Resolve.GetCurrentPage"}))["value"].clone();
        json!([seen, marks, page])
    };
    client.call("switch_page", json!({"page": "edit"}));
    let (before, stood) = (jobs(&mut client), stage(&mut client));
    for (method, args) in [("DeleteRenderJob", json!([part])), ("DeleteAllRenderJobs", json!([]))] {
        // The first of them has another id by then.
        let args = if method == "DeleteRenderJob" { args } else { json!([]) };
        project(&mut client, method, args);
        let left = jobs(&mut client);
        assert_ne!(before, left);
        client.call("switch_page", json!({"page": "edit"}));

        for _ in 0..2 {
            let undone = client.call("undo", json!({}))["undone"][0].clone();

            assert_eq!(true, undone["verified"], "{undone}");
            assert!(undone["beware"].as_str().unwrap().contains("quality"), "{undone}");
            assert!(undone["remade"][0]["is"].is_string(), "{undone}");
            assert_eq!((&before, &stood), (&jobs(&mut client), &stage(&mut client)));
            client.call("undo", json!({"redo": true}));
            assert_eq!(left, jobs(&mut client));
            client.call("switch_page", json!({"page": "edit"}));
        }
        client.call("undo", json!({}));
        assert_eq!(before, jobs(&mut client));
    }
}

/// A job that was queued by hand is taken out again, and one whose timeline is gone is not said to return.
#[test]
fn what_cannot_be_queued_again_is_said() {
    let (mut client, [part, _whole]) = queued();
    let job = project(&mut client, "AddRenderJob", json!([]));
    client.call("undo", json!({}));
    let listed = project(&mut client, "GetRenderJobList", json!([]));
    assert!(!listed.to_string().contains(job.as_str().unwrap()), "{listed}");

    project(&mut client, "DeleteRenderJob", json!([part]));
    let timelines = client.call("project_read", json!({}))["timelines"].clone();
    let first = timelines.as_array().expect("timelines").iter().find(|timeline| timeline["name"] == "part");
    let first = first.expect("the timeline is listed")["id"].clone();
    let delete = json!({"method": "MediaPool.DeleteTimelines", "args": [[first]], "confirm": true});
    by_somebody(&mut client, "api_call", delete);

    let failed = client.fails("undo", json!({}));

    assert_eq!("not_found", failed["code"], "{failed}");
    assert_eq!(1, jobs(&mut client).as_array().unwrap().len());
}
