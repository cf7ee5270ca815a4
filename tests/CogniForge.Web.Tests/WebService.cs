using CogniForge.Web.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Web.Tests;

/// <summary>Web as in a developer's run, pointed at three services.</summary>
internal sealed class WebService(
    Uri llm,
    Uri serving,
    Uri analytics,
    TimeProvider? time = null,
    Action<IServiceCollection>? configure = null
)
    : ServiceHost<Program>(builder =>
    {
        foreach (var (name, address) in new[] { ("llm", llm), ("serving", serving), ("analytics", analytics) })
        {
            builder.UseSetting($"services:{name}:http:0", address.ToString());
        }

        builder.ConfigureServices(services => services.AddSingleton(time ?? TimeProvider.System));
        builder.ConfigureServices(configure ?? (_ => { }));
    })
{
    /// <summary>An address on which no server listens.</summary>
    public static Uri Unreachable { get; } = new("http://127.0.0.1:1");

    /// <summary>
    /// Creates Web with one fake for all services and a clock that stands still, so that no timeout elapses.
    /// </summary>
    public static WebService Create(FakeServices services, FakeTimeProvider? time = null) =>
        new(services.Address, services.Address, services.Address, time ?? new FakeTimeProvider(TestTime.Start));
}
