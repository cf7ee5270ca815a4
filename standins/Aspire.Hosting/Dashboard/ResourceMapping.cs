using System.Collections;
using System.Globalization;
using Aspire.Hosting.Dashboard.Wire;
using Google.Protobuf.WellKnownTypes;
using Health = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;

namespace Aspire.Hosting.Dashboard;

/// <summary>A resource's state in the dashboard's terms.</summary>
internal static class ResourceMapping
{
    public static Wire.Resource ToWire(ResourceEvent state)
    {
        var snapshot = state.Snapshot;
        var resource = new Wire.Resource
        {
            Name = state.ResourceId,
            Uid = state.ResourceId,
            DisplayName = state.Resource.Name,
            ResourceType = snapshot.ResourceType,
            State = snapshot.State?.Text ?? "",
            StateStyle = snapshot.State?.Style ?? "",
            CreatedAt = Time(snapshot.CreationTimeStamp) ?? new Timestamp(),
            StartedAt = Time(snapshot.StartTimeStamp),
            StoppedAt = Time(snapshot.StopTimeStamp),
            IsHidden = snapshot.IsHidden,
            SupportsDetailedTelemetry = true,
        };
        if (snapshot.IconName is { } icon)
            resource.IconName = icon;
        if (snapshot.IconVariant is { } variant)
            resource.IconVariant = (Wire.IconVariant)variant;
        resource.Environment.AddRange(snapshot.EnvironmentVariables.Select(v => new EnvironmentVariable { Name = v.Name, Value = v.Value ?? "", IsFromSpec = v.IsFromSpec }));
        resource.Urls.AddRange(snapshot.Urls.Select(Url));
        resource.Volumes.AddRange(snapshot.Volumes.Select(v => new Volume { Source = v.Source ?? "", Target = v.Target, MountType = v.MountType, IsReadOnly = v.IsReadOnly }));
        resource.HealthReports.AddRange(snapshot.HealthReports.Select(Report));
        resource.Relationships.AddRange(snapshot.Relationships.Select(r => new ResourceRelationship { ResourceName = r.ResourceName, Type = r.Type }));
        resource.Commands.AddRange(snapshot.Commands.Select(Command));
        resource.Properties.AddRange(snapshot.Properties.Select(Property));
        if (snapshot.ExitCode is { } code)
            resource.Properties.Add(Property(new ResourcePropertySnapshot("resource.exitCode", code)));
        return resource;
    }

    private static Timestamp? Time(DateTime? time) => time is { } known ? Timestamp.FromDateTime(known) : null;

    private static Url Url(UrlSnapshot url)
    {
        var wire = new Url
        {
            FullUrl = url.Url,
            IsInternal = url.IsInternal,
            IsInactive = url.IsInactive,
            DisplayProperties = new UrlDisplayProperties { DisplayName = url.DisplayProperties.DisplayName, SortOrder = url.DisplayProperties.SortOrder },
        };
        if (url.Name is { } name)
            wire.EndpointName = name;
        return wire;
    }

    private static HealthReport Report(HealthReportSnapshot report)
    {
        var wire = new HealthReport { Key = report.Name, Description = report.Description ?? "", Exception = report.ExceptionText ?? "", LastRunAt = Time(report.LastRunAt) };
        if (report.Status is { } status)
            wire.Status = status switch { Health.Healthy => HealthStatus.Healthy, Health.Degraded => HealthStatus.Degraded, _ => HealthStatus.Unhealthy };
        return wire;
    }

    private static ResourceCommand Command(ResourceCommandSnapshot command)
    {
        var wire = new ResourceCommand { Name = command.Name, DisplayName = command.DisplayName, IsHighlighted = command.IsHighlighted, State = (Wire.ResourceCommandState)command.State };
        if (command.ConfirmationMessage is { } confirmation)
            wire.ConfirmationMessage = confirmation;
        if (command.DisplayDescription is { } description)
            wire.DisplayDescription = description;
        if (command.IconName is { } icon)
            wire.IconName = icon;
        if (command.IconVariant is { } variant)
            wire.IconVariant = (Wire.IconVariant)variant;
        return wire;
    }

    private static ResourceProperty Property(ResourcePropertySnapshot property)
    {
        var wire = new ResourceProperty { Name = property.Name, Value = Value(property.Value), IsSensitive = property.IsSensitive, IsHighlighted = property.IsHighlighted };
        if (property.DisplayName is { } displayName)
            wire.DisplayName = displayName;
        if (property.SortOrder is { } order)
            wire.SortOrder = order;
        return wire;
    }

    private static Value Value(object? value) => value switch
    {
        null => Google.Protobuf.WellKnownTypes.Value.ForNull(),
        string text => Google.Protobuf.WellKnownTypes.Value.ForString(text),
        bool flag => Google.Protobuf.WellKnownTypes.Value.ForBool(flag),
        IEnumerable list => Google.Protobuf.WellKnownTypes.Value.ForList([.. list.Cast<object?>().Select(Value)]),
        _ => Google.Protobuf.WellKnownTypes.Value.ForString(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };
}
