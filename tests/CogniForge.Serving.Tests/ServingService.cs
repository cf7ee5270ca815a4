using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Serving.Tests;

/// <summary>Model serving as in a developer's run.</summary>
public class ServingService : ServiceHost<Program>
{
    public ServingService() { }

    protected ServingService(TimeProvider time, params (string Name, string Value)[] settings)
        : base(builder =>
        {
            foreach (var (name, value) in settings)
            {
                builder.UseSetting(name, value);
            }

            builder.ConfigureServices(services => services.AddSingleton(time));
        })
    { }

    public static string BreastCancerModel { get; } = Encoding.UTF8.GetString(Samples.Read("breast-cancer.model.json"));

    public static string BreastCancerRequest { get; } =
        Encoding.UTF8.GetString(Samples.Read("breast-cancer.infer.json"));

    public async Task<HttpResponseMessage> RegisterAsync(string model, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/serving/models")
        {
            Content = Requests.Json(model),
        };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await Client.SendAsync(request);
    }

    public async Task<int> CountAsync(string what)
    {
        using var response = await Client.GetAsync($"/api/v1/serving/{what}/count");
        return (await response.ReadAsync(200)).GetProperty("count").GetInt32();
    }
}
