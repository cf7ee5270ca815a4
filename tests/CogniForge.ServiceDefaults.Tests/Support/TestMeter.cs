using System.Diagnostics.Metrics;
using CogniForge.ServiceDefaults.Prometheus;
using Microsoft.Extensions.Logging.Abstractions;

namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>A service's meter and what its <c>/metrics</c> says.</summary>
internal sealed class TestMeter : IDisposable
{
    private readonly ServiceDescription _service = new("llm", "llmdb", typeof(TestMeter).Assembly);
    private readonly PrometheusExporter _exporter;

    public TestMeter() => _exporter = new(_service, NullLogger<PrometheusExporter>.Instance);

    public Meter Meter => _service.Meter;

    /// <summary>The lines, without the final line feed.</summary>
    public string[] Lines()
    {
        var text = _exporter.Write();
        return text.Length == 0 ? [] : text.Split('\n')[..^1];
    }

    public string Text() => _exporter.Write();

    public void Dispose()
    {
        _exporter.Dispose();
        _service.Dispose();
    }
}
