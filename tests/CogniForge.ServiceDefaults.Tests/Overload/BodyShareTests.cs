using System.Text;
using CogniForge.ServiceDefaults.Overload;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CogniForge.ServiceDefaults.Tests.Overload;

/// <summary>Bodies above a key's share wait until earlier requests of the key no longer need their memory.</summary>
public sealed class BodyShareTests : IAsyncLifetime
{
    private const int Bytes = 100_000;
    private readonly TaskCompletionSource _worked = new();
    private readonly TaskCompletionSource _ended = new();
    private int _arrived;
    private TestService _service = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync(
            app => app.MapPost("/", WorkAsync).WithBodyMemory(10, keptPerByte: 2),
            settings: [("CogniForge:Overload:MaxBodyBytes", "1000000"), ("CogniForge:Overload:MaxWait", "00:01:00")]
        );
        _client = _service.Client();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Body_AboveShare_WaitsUntilRequestEnds()
    {
        var first = SendAsync();
        await ArrivedAsync(1);
        var second = SendAsync();

        _worked.SetResult();
        _ended.SetResult();
        Assert.Equal($"{Bytes}", await first);
        Assert.Equal($"{Bytes}", await second);
    }

    [Fact]
    public async Task Body_WorkOnOtherEnded_IsAdmitted()
    {
        var first = SendAsync();
        await ArrivedAsync(1);
        var second = SendAsync(70_000); // counts 700 kB, beside 200 kB that the first keeps

        _worked.SetResult();
        await ArrivedAsync(2);
        _ended.SetResult();
        Assert.Equal($"{Bytes}", await first);
        Assert.Equal("70000", await second);
    }

    private async Task<IResult> WorkAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(cancellationToken);
        Interlocked.Increment(ref _arrived);
        await _worked.Task;
        context.Features.GetRequiredFeature<BodyShare>().EndWork();
        await _ended.Task;
        return Results.Text($"{body.Length}");
    }

    private async Task<string> SendAsync(int bytes = Bytes)
    {
        using var body = new StringContent(new string('x', bytes), Encoding.UTF8, "text/plain");
        using var response = await _client.PostAsync("/", body);
        return await response.Content.ReadAsStringAsync();
    }

    private Task ArrivedAsync(int count) =>
        Until.EqualAsync(count, () => Task.FromResult(Volatile.Read(ref _arrived)));
}
