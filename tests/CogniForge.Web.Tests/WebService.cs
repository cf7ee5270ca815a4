using CogniForge.Web.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Web.Tests;

/// <summary>The web service as a developer runs it, pointed at three services.</summary>
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
    /// <summary>An address at which nobody answers.</summary>
    public static Uri Nobody { get; } = new("http://127.0.0.1:1");

    /// <summary>With one fake for all three, and all the time in the world: on a busy machine nothing runs out of it.</summary>
    public static WebService Create(FakeServices services, FakeTimeProvider? time = null) =>
        new(services.Address, services.Address, services.Address, time ?? new FakeTimeProvider(TestTime.Start));
}
