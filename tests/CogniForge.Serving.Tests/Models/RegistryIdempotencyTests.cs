namespace CogniForge.Serving.Tests.Models;

public class RegistryIdempotencyTests(ServingService service) : IClassFixture<ServingService>
{
    [Fact]
    public async Task Register_SameKey_ReturnsFirstResponse()
    {
        var responses = new List<(string Body, string? Location)>();
        for (var i = 0; i < 3; i++)
        {
            using var response = await service.RegisterAsync(ModelJson.Create("once"), "key-once");
            responses.Add(((await response.ReadAsync(201)).GetRawText(), response.Headers.Location?.OriginalString));
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        }

        Assert.Single(responses.Distinct());
        using var withoutKey = await service.RegisterAsync(ModelJson.Create("once"));
        await Problem.ReadAsync(withoutKey, 409);
    }

    [Fact]
    public async Task Register_SameKeyOtherModel_ReturnsError()
    {
        using var first = await service.RegisterAsync(ModelJson.Create("key-a"), "key-two");
        await first.ReadAsync(201);
        using var second = await service.RegisterAsync(ModelJson.Create("key-b"), "key-two");
        await Problem.ReadAsync(second, 422);
        using var found = await service.Client.GetAsync("/api/v1/serving/models/key-b");
        await Problem.ReadAsync(found, 404);
    }

    [Fact]
    public async Task Register_KeyOfRejectedModel_ReturnsSameError()
    {
        for (var i = 0; i < 2; i++)
        {
            using var response = await service.RegisterAsync("{}", "key-rejected");
            Assert.Contains("name: is required", await Problem.ReadRulesAsync(response));
        }
    }

    [Fact]
    public async Task Register_KeyOfOtherCaller_IsIndependent()
    {
        using var first = await service.RegisterAsync(ModelJson.Create("callers"), "key-callers");
        await first.ReadAsync(201);
        using var other = service.NewClient(await service.CreateKeyAsync("serving", "serving:write"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/serving/models")
        {
            Content = Requests.Json(ModelJson.Create("callers")),
        };
        request.Headers.Add("Idempotency-Key", "key-callers");
        using var second = await other.SendAsync(request);
        await Problem.ReadAsync(second, 409);
    }
}
