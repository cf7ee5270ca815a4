using System.Text.Json;

namespace CogniForge.Serving.Tests.Tracking;

/// <summary>Sends what MLflow's Python client sends: GET with a query, everything else with a JSON body.</summary>
internal sealed class MlflowClient(HttpClient client)
{
    public async Task<JsonElement> GetAsync(string path, int status = 200)
    {
        using var response = await client.GetAsync($"/api/2.0/mlflow/{path}");
        return await response.ReadAsync(status);
    }

    public Task<JsonElement> PostAsync(string path, string json, int status = 200) =>
        SendAsync(HttpMethod.Post, path, json, status);

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string json, int status = 200)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/api/2.0/mlflow/{path}", UriKind.Relative))
        {
            Content = Requests.Json(json),
        };
        using var response = await client.SendAsync(request);
        return await response.ReadAsync(status);
    }

    /// <summary>Starts a run as <c>mlflow.start_run</c> does, and returns its id.</summary>
    public async Task<string> StartRunAsync(string experimentId = "0", string name = "brave-owl-17") =>
        (
            await PostAsync(
                "runs/create",
                $$"""
                {
                  "experiment_id": "{{experimentId}}", "user_id": "ada", "run_name": "{{name}}",
                  "start_time": 1764406800000,
                  "tags": [{ "key": "mlflow.user", "value": "ada" }, { "key": "mlflow.source.type", "value": "LOCAL" }]
                }
                """
            )
        )
            .GetProperty("run")
            .GetProperty("info")
            .GetProperty("run_id")
            .GetString()!;

    /// <summary>The error code and the message of a refusal.</summary>
    public static string Describe(JsonElement error)
    {
        Assert.Equal(["error_code", "message"], error.EnumerateObject().Select(m => m.Name).Order());
        Assert.NotEqual("", error.GetProperty("message").GetString());
        return error.GetProperty("error_code").GetString()!;
    }
}
